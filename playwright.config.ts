import { defineConfig } from '@playwright/test'
import type { HostOptions } from '#tests/e2e/fixtures'
import { type Browser, findBrowser } from '#tests/support/browser'

// Found once: Playwright reads this file again in every worker, which inherits the environment.
process.env.PATCHBAY_TEST_BROWSER ??= JSON.stringify(await findBrowser((line) => process.stderr.write(`${line}\n`)))
const browser: Browser = JSON.parse(process.env.PATCHBAY_TEST_BROWSER)

/** Flows that a host without a long-lived process must carry as well. */
const ANYWHERE = ['loop', 'failure', 'channel-operation', 'application-channels', 'over-http']
const ONLY_SERVERLESS = '**/serverless.test.ts'
/** `npm test` without a choice of parts runs these of them, which takes under a minute. */
const MOST_TELLING = ['loop', 'over-http']
const onFunctions = process.env.PATCHBAY_TEST_PARTS === 'all' ? MOST_TELLING : ANYWHERE

export default defineConfig<object, HostOptions>({
  testDir: 'tests/e2e',
  testMatch: '**/*.test.ts',
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: browser.retries,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  projects: [
    { name: 'node', testIgnore: ONLY_SERVERLESS },
    {
      name: 'serverless',
      testMatch: [ONLY_SERVERLESS, ...onFunctions.map((name) => `**/${name}.test.ts`)],
      // Every other request goes to the other instance, and what is not tried at once waits for the cron.
      expect: { timeout: 20_000 },
      use: { host: 'serverless' },
    },
  ],
  use: {
    browserName: 'chromium',
    actionTimeout: 20_000,
    launchOptions: {
      executablePath: browser.executablePath,
      args: browser.args,
      env: { ...definedOnly(process.env), ...browser.env },
    },
    // Recording costs up to half as much again as the pages themselves; what a failure shows without is mostly enough.
    trace: process.env.PATCHBAY_TRACE === 'yes' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
  },
})

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
