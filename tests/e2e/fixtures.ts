import { test as base } from '@playwright/test'
import { type Connection, connect } from '#db/client'
import { emptyInstallation } from '#tests/support/empty-installation'
import { startServer, type TestServer } from '#tests/support/server'
import { startServerless } from '#tests/support/serverless'

type WorkerFixtures = { server: TestServer; connection: Connection }
/** How Patchbay is hosted: `npm start`, or functions as on Vercel. Each has a project in playwright.config.ts. */
export type HostOptions = { host: 'node' | 'serverless' }
type TestFixtures = { db: Connection['db']; sql: Connection['sql'] }

/**
 * Playwright's `test` with a running Patchbay: `server` (one per Playwright worker, database and all), `db` and `sql`
 * on its database, and relative addresses in `page.goto('/')` and `request.post('/api/...')`. Files share the server
 * of their worker: one that needs an installation without an owner begins with `test.beforeAll(startOver)`.
 */
export const test = base.extend<TestFixtures, WorkerFixtures & HostOptions>({
  host: ['node', { option: true, scope: 'worker' }],
  server: [
    async ({ host }, use) => {
      const server = host === 'serverless' ? await startServerless() : await startServer()
      await use(server)
      await server.stop()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  connection: [
    async ({ server }, use) => {
      const connection = connect(server.databaseUrl, { max: 2, name: 'patchbay-test' })
      await use(connection)
      await connection.end()
    },
    { scope: 'worker' },
  ],
  db: async ({ connection }, use) => use(connection.db),
  sql: async ({ connection }, use) => use(connection.sql),
  baseURL: async ({ server }, use) => use(server.url),
})

/** Empties the installation, as if it had just been started for the first time: `test.beforeAll(startOver)`. */
export async function startOver({ connection }: WorkerFixtures): Promise<void> {
  await emptyInstallation(connection.sql)
}

export { expect } from '@playwright/test'
