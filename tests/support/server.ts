import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { connectionUrl, postgresHome, readConnection } from '#lib/server/postgres-home'
import { removeDataFolder, temporaryFolder } from '#tests/support/temporary-folder'

const ROOT = path.resolve(import.meta.dirname, '..', '..')
const START_MS = 60_000

/** Emptied, so that neither the developer's environment nor a `.env` file reaches a test. */
const SETTINGS = [
  'DATABASE_URL',
  'DATABASE_POOL',
  'PATCHBAY_KEY',
  'PATCHBAY_OLD_KEYS',
  'PUBLIC_URL',
  'HOST',
  'CRON_SECRET',
  'SANDBOX',
  'ALLOW_PRIVATE_ADDRESSES',
  'TRUSTED_PROXIES',
  'SMTP_URL',
  'ALERTS_FROM',
  'LOG_LEVEL',
  'NEXTAUTH_URL',
  'NEXTAUTH_SECRET',
  'npm_lifecycle_event',
]

export type Run = {
  child: ChildProcess
  /** All it has printed so far, both streams. */
  output: () => string
  /** Waits until the output matches; fails when the process ends or a minute passes before that. */
  printed: (pattern: RegExp) => Promise<RegExpMatchArray>
  /** Waits for the end. @returns exit code, or the signal's name */
  ended: () => Promise<number | NodeJS.Signals | null>
}

const ITSELF: [string, string[]] = [process.execPath, ['lib/server/start.ts']]
const ALL_THROUGH_NEXT: [string, string[]] = [process.execPath, ['lib/server/start.ts', '--through-next']]
const THROUGH_A_SHELL: [string, string[]] = ['sh', ['-c', `"${process.execPath}" lib/server/start.ts; exit $?`]]

/**
 * Starts the server as `npm start` does, with nothing set but what is given.
 * @param throughShell `child` is then the shell above the server, as with npm
 * @param throughNext nothing is answered in front of Next
 */
export function runServer(env: Record<string, string>, { throughShell = false, throughNext = false } = {}): Run {
  const blank = Object.fromEntries(SETTINGS.map((name) => [name, '']))
  const direct = throughNext ? ALL_THROUGH_NEXT : ITSELF
  const child = spawn(...(throughShell ? THROUGH_A_SHELL : direct), {
    cwd: ROOT,
    env: { ...process.env, ...blank, NODE_OPTIONS: '', LOG_LEVEL: 'warn', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const over = once(child, 'close').then(([code, signal]) => code ?? signal)
  let said = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      for (const listener of listeners) listener()
    })
  }
  return {
    child,
    output: () => said,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = said.match(pattern)
          if (match) done(() => resolve(match))
        }
        const done = (settle: () => void) => {
          listeners.delete(look)
          clearTimeout(limit)
          settle()
        }
        const giveUp = (why: string) => done(() => reject(new Error(`${why} before ${pattern}:\n${said}`)))
        const limit = setTimeout(() => giveUp('A minute passed'), START_MS)
        void over.then(() => giveUp('The server ended'))
        listeners.add(look)
        look()
      }),
    ended: () => over,
  }
}

export type TestServer = {
  /** Where it answers, without a slash at the end. */
  url: string
  databaseUrl: string
  dataFolder: string
  run: Run
  /** Ends it like Ctrl-C and removes its data. */
  stop: () => Promise<void>
}

/** A whole installation: server, worker and an embedded database of its own in a temporary folder. */
export async function startServer(
  env: Record<string, string> = {},
  options: { throughNext?: boolean } = {},
): Promise<TestServer> {
  const dataFolder = temporaryFolder('server')
  const run = runServer({ PATCHBAY_DATA: dataFolder, ...env }, options)
  const stop = async () => {
    run.child.kill('SIGTERM')
    await run.ended()
    await removeDataFolder(dataFolder)
  }
  try {
    const [, url = ''] = await run.printed(/Patchbay is ready at (http\S+)/)
    return { url, databaseUrl: connectionUrl(readConnection(postgresHome(dataFolder))), dataFolder, run, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
