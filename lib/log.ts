import { logLevel } from '#lib/env'

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
type Level = Exclude<(typeof LEVELS)[number], 'silent'>

/** One JSON line per event on stdout (errors on stderr). Fields must hold no secret and no message text. */
export function log(level: Level, event: string, fields: Record<string, unknown> = {}): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(logLevel())) return
  const line = JSON.stringify({ at: new Date().toISOString(), level, event, ...fields }, plainErrors)
  if (level === 'error') process.stderr.write(`${line}\n`)
  else process.stdout.write(`${line}\n`)
}

// Drizzle puts the statement and its parameters, message texts included, into its errors: only their cause is told.
function plainErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const told = value.message.startsWith('Failed query') && value.cause instanceof Error ? value.cause : value
  const stack = (value.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return { name: told.name, message: told.message, code: (told as { code?: unknown }).code, stack: stack.slice(0, 8) }
}
