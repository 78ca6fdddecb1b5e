import { spawn } from 'node:child_process'
import path from 'node:path'
import { findBrowser } from '#tests/support/browser'
import { addTallies, type Tally, tallyLine, tallyPlaywright, tallyVitest } from '#tests/support/tally'
import { removeDataFolder, sweepTemporaryFolders, temporaryFolder } from '#tests/support/temporary-folder'

const ROOT = path.resolve(import.meta.dirname, '..')
const PROJECTS = ['unit', 'db', 'contract']
/** In a browser: as `npm start` serves, and as functions with no process that lives on. By their names in playwright.config.ts. */
const HOSTS: Record<string, string> = { e2e: 'node', serverless: 'serverless' }
const PARTS = [...PROJECTS, ...Object.keys(HOSTS)]

/** `npm test` runs everything; `npm test -- unit e2e` only these parts. */
async function main(): Promise<number> {
  const asked = process.argv.slice(2)
  const unknown = asked.filter((part) => !PARTS.includes(part))
  if (unknown.length > 0) {
    say(`There is no part "${unknown.join(' ')}". Parts: ${PARTS.join(', ')}`)
    return 2
  }
  const parts = asked.length > 0 ? asked : PARTS
  process.env.PATCHBAY_TEST_PARTS = asked.length > 0 ? 'some' : 'all'
  await sweepTemporaryFolders()
  const results = temporaryFolder('results')
  try {
    const tallies = [
      await runVitest(
        PROJECTS.filter((project) => parts.includes(project)),
        path.join(results, 'vitest.json'),
      ),
      await runPlaywright(
        Object.keys(HOSTS).filter((host) => parts.includes(host)),
        path.join(results, 'playwright.json'),
      ),
    ]
    const total = addTallies(tallies.filter((tally) => tally !== undefined))
    say(`\n${tallyLine(total)}`)
    return total.failed > 0 ? 1 : 0
  } finally {
    await removeDataFolder(results)
  }
}

async function runVitest(projects: string[], file: string): Promise<Tally | undefined> {
  if (projects.length === 0) return undefined
  say(`Tests without a browser: ${projects.join(', ')}`)
  const chosen = projects.flatMap((project) => ['--project', project])
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await run('vitest/vitest.mjs', ['run', ...chosen, ...reporters], {})
  return tallyVitest(file, code)
}

async function runPlaywright(hosts: string[], file: string): Promise<Tally | undefined> {
  if (hosts.length === 0) return undefined
  say(`\nEnd to end, in a real browser: ${hosts.join(', ')}`)
  const chosen = hosts.map((host) => `--project=${HOSTS[host]}`)
  const browser = await findBrowser(say).catch((error: Error) => say(error.message))
  if (!browser) return { passed: 0, failed: 1, skipped: 0 }
  say(`Browser: ${browser.name}`)
  const env = { PATCHBAY_TEST_BROWSER: JSON.stringify(browser), PLAYWRIGHT_JSON_OUTPUT_FILE: file }
  const code = await run('@playwright/test/cli.js', ['test', ...chosen, '--reporter=list,json'], env)
  return tallyPlaywright(file, code)
}

function run(program: string, args: string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'node_modules', program), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: 'inherit',
    })
    // Ctrl-C reaches the runner as well, which then stops its servers: wait for it instead of leaving it behind.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

process.exitCode = await main()
