import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..', '..')
const START_MS = 60_000

/** Emptied, so that neither the developer's environment nor a `.env` file reaches a test. */
const SETTINGS = [
  'DATABASE_URL',
  'DATABASE_POOL',
  'DATABASE_PREPARE',
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

/** Starts a program in the project's folder with nothing set but what is given. */
export function runProgram(command: [string, string[]], env: Record<string, string>): Run {
  const blank = Object.fromEntries(SETTINGS.map((name) => [name, '']))
  const child = spawn(...command, {
    cwd: ROOT,
    env: { ...process.env, ...blank, NODE_OPTIONS: '', LOG_LEVEL: 'warn', ...env },
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
