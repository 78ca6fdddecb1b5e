import postgres from 'postgres'
import { AppError } from '#lib/errors'
import { pause } from '#lib/server/processes'

const OLDEST_MAJOR = 15

/** What a database server that is merely still starting answers, besides not answering at all. */
const NOT_YET = [
  '57P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
]

/**
 * Waits until the database takes connections and checks that it is new enough.
 * @throws AppError naming host and database, never the password
 */
export async function waitForDatabase(url: string, timeoutMs = 10_000): Promise<void> {
  const place = describeUrl(url)
  const end = performance.now() + timeoutMs
  for (;;) {
    const left = end - performance.now()
    const answer = await askVersion(url, Math.max(1_000, left))
    if ('version' in answer) return refuseOld(answer.version, place)
    if (!NOT_YET.includes(answer.code) || performance.now() + 500 > end) {
      throw new AppError('unavailable', `The database at ${place} can't be used: ${answer.reason}`)
    }
    await pause(500)
  }
}

type Answer = { version: number } | { code: string; reason: string }

async function askVersion(url: string, timeoutMs: number): Promise<Answer> {
  const sql = postgres(url, { max: 1, connect_timeout: timeoutMs / 1000, onnotice: () => {} })
  try {
    const [row] = await sql<{ version: number }[]>`select current_setting('server_version_num')::int as version`
    return { version: row?.version ?? 0 }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return { code, reason: reasonOf(error, code) }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function reasonOf(error: unknown, code: string): string {
  if (['ECONNREFUSED', 'ECONNRESET', 'CONNECTION_CLOSED'].includes(code)) return 'nothing accepts connections there.'
  if (['ENOTFOUND', 'EAI_AGAIN'].includes(code)) return 'there is no such host.'
  if (code === 'CONNECT_TIMEOUT') return 'it does not answer.'
  return error instanceof Error ? error.message : String(error)
}

function refuseOld(version: number, place: string): void {
  if (version >= OLDEST_MAJOR * 10_000) return
  const major = Math.floor(version / 10_000)
  throw new AppError('unavailable', `Patchbay needs Postgres ${OLDEST_MAJOR} or newer; ${place} runs ${major}.`)
}

function describeUrl(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed) throw new AppError('invalid_input', 'DATABASE_URL is not an address that can be understood.')
  return `${parsed.hostname}:${parsed.port || '5432'}${parsed.pathname}`
}
