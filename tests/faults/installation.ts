import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client'
import { freePort } from '#lib/server/postgres-home'
import { type BreakablePostgres, startBreakablePostgres } from '#tests/faults/breakable-postgres'
import { type Run, runServer } from '#tests/support/server'
import { removeDataFolder, temporaryFolder } from '#tests/support/temporary-folder'

export const KEY = Buffer.alloc(32, 9).toString('base64')

/** One server process of an installation. It keeps its port, so that callers find it again after a new start. */
export type Server = {
  url: string
  start: (env?: Record<string, string>) => Promise<void>
  /** Starts it unless it runs. */
  ensure: () => Promise<void>
  /** kill -9. */
  kill: () => Promise<void>
  /** @returns its exit code */
  terminate: () => Promise<number | NodeJS.Signals | null>
  run: () => Run
}

/** Servers on one database. */
export type Installation = {
  /** The first one. */
  server: Server
  servers: Server[]
  postgres: BreakablePostgres
  db: Database
  stop: () => Promise<void>
}

export async function startInstallation({ servers: count = 1 } = {}): Promise<Installation> {
  const folder = temporaryFolder('faults')
  const postgres = await startBreakablePostgres(folder)
  const servers: Server[] = []
  for (let n = 0; n < count; n += 1) servers.push(await prepareServer(postgres.url))
  for (const server of servers) await server.start()
  const [server] = servers
  if (!server) throw new Error('An installation has at least one server.')
  return {
    ...{ server, servers, postgres, db: postgres.connection.db },
    stop: async () => {
      await Promise.all(servers.map((one) => one.kill()))
      await postgres.stop()
      await removeDataFolder(folder)
    },
  }
}

const alive = new Set<ChildProcess>()
// Whatever ends the tests, no server stays behind.
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

function keepTrack(child: ChildProcess): void {
  alive.add(child)
  child.once('close', () => alive.delete(child))
}

async function prepareServer(databaseUrl: string): Promise<Server> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const fixed = { DATABASE_URL: databaseUrl, PATCHBAY_KEY: KEY, PUBLIC_URL: url, PORT: String(port), HOST: '127.0.0.1' }
  let run: Run | null = null
  const running = () => {
    if (!run) throw new Error('The server was not started.')
    return run
  }
  const start = async (env: Record<string, string> = {}) => {
    run = runServer({ ...fixed, ALLOW_PRIVATE_ADDRESSES: 'yes', LOG_LEVEL: 'error', ...env })
    keepTrack(run.child)
    await run.printed(/Patchbay is ready/)
  }
  return {
    url,
    start,
    ensure: async () => {
      const { child } = running()
      if (child.exitCode !== null || child.signalCode !== null) await start()
    },
    kill: async () => {
      running().child.kill('SIGKILL')
      await running().ended()
    },
    terminate: () => {
      running().child.kill('SIGTERM')
      return running().ended()
    },
    run: running,
  }
}

/**
 * Holds a lock on a table, in whose way the server stands still, until the returned function is called.
 * @param mode `SHARE` stops writing, `ACCESS EXCLUSIVE` reading as well
 */
export async function lockTable(
  { postgres }: Pick<Installation, 'postgres'>,
  table: string,
  mode: 'SHARE' | 'ACCESS EXCLUSIVE',
): Promise<() => Promise<void>> {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let locked = () => {}
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve
  })
  const over = postgres.connection.sql.begin(async (tx) => {
    await tx.unsafe(`lock table ${table} in ${mode} mode`)
    locked()
    await held
  })
  await Promise.race([isLocked, over])
  return async () => {
    release()
    await over
  }
}

/** Resolves when so many sessions of the servers wait for a lock. */
export async function untilBlocked({ db }: Pick<Installation, 'db'>, sessions: number): Promise<void> {
  await pollUntil(async () => {
    const [row] = await db.execute<{ n: number }>(
      sql`select count(*)::int as n from pg_stat_activity where ${SERVERS} and wait_event_type = 'Lock'`,
    )
    return (row?.n ?? 0) >= sessions
  })
}

/** Ends the sessions that a killed server left in the middle of a statement, so that nothing of it is committed later. */
export async function endSessions({ db }: Pick<Installation, 'db'>): Promise<void> {
  await db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where ${SERVERS}`)
}

const SERVERS = sql`application_name in ('patchbay-web', 'patchbay-worker')`

const POLL_MS = 10
const PATIENCE_MS = 60_000

/** @throws Error when it does not come true within a minute */
export async function pollUntil(reached: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  const end = performance.now() + patienceMs
  while (!(await reached())) {
    if (performance.now() > end) throw new Error('What was waited for did not come.')
    await pause(POLL_MS)
  }
}
