import { defineConfig } from 'vitest/config'

const withPostgres = { globalSetup: ['tests/support/postgres-for-all.ts'] }

export default defineConfig({
  test: {
    // Tests wait for what happens, never for a time; these only end a test that hangs.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    env: { LOG_LEVEL: 'silent' },
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { name: 'db', include: ['tests/db/**/*.test.ts'], ...withPostgres } },
      { extends: true, test: { name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
    ],
  },
})
