import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import postgres from 'postgres'
import { AppError } from '#lib/errors'
import { type PostgresPrograms, postgresPrograms } from '#lib/server/postgres-binaries'
import {
  connectionUrl,
  ensureHome,
  freePort,
  type PostgresHome,
  type Postmaster,
  readConnection,
  readPostmaster,
  writeConnection,
} from '#lib/server/postgres-home'
import { isAlive, pause, signalProcess, waitUntil } from '#lib/server/processes'

/** Recovery after a crash replays the log, which may take a while. */
const START_MS = 60_000
const STOP_MS = 30_000
/** A session of an owner that was killed a moment ago may outlive it by milliseconds. */
const OWNER_LEAVES_MS = 2_000
const LOG_BYTES = 5_000_000

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '512MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

export type EmbeddedPostgres = {
  url: string
  /** It outlived an earlier Patchbay, which was killed. */
  adopted: boolean
  /** Ends sessions, writes everything down and waits until no process of it is left. */
  stop: () => Promise<void>
}

/**
 * A real Postgres in a folder, ours alone until `stop`. A server that survived the end of an earlier owner is adopted.
 * @param folder made when absent
 * @param settings further Postgres settings, by name
 * @throws AppError `conflict` while another Patchbay owns the folder, `unavailable` when Postgres won't start
 */
export async function startEmbeddedPostgres(
  folder: string,
  settings: Record<string, string> = {},
): Promise<EmbeddedPostgres> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const programs = await postgresPrograms()
  const home = await ensureHome(path.resolve(folder), programs)
  const adopted = readPostmaster(home) !== undefined
  const server = await running(home, programs, { ...SETTINGS, ...settings })
  const url = connectionUrl({ ...readConnection(home), port: server.port })
  const release = await own(url, folder).catch(async (error) => {
    const isOwned = error instanceof AppError && error.code === 'conflict'
    if (!isOwned) await stopPostmaster(server.pid)
    throw error
  })
  return {
    url,
    adopted,
    stop: async () => {
      await release()
      await stopPostmaster(server.pid)
    },
  }
}

/** The server of this folder, started if need be, when it takes connections. */
async function running(
  home: PostgresHome,
  programs: PostgresPrograms,
  settings: Record<string, string>,
): Promise<Postmaster> {
  const end = performance.now() + START_MS
  while (performance.now() < end) {
    const server = readPostmaster(home)
    if (server?.status === 'ready') return server
    if (server) await pause(20)
    else await launch(home, programs, settings)
  }
  throw new AppError('unavailable', `The embedded Postgres was not ready in ${START_MS / 1000} s; see ${home.log}`)
}

/** Starts a server and waits until it has written its pid file or ended. */
async function launch(home: PostgresHome, programs: PostgresPrograms, settings: Record<string, string>): Promise<void> {
  const connection = { ...readConnection(home), port: await freePort() }
  writeConnection(home, connection)
  if (existsSync(home.log) && statSync(home.log).size > LOG_BYTES) renameSync(home.log, `${home.log}.1`)
  const said = openSync(home.log, 'a', 0o600)
  const from = statSync(home.log).size
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = programs.postgres(['-D', home.data, '-p', String(connection.port), ...options], said)
  closeSync(said)
  let ended = false
  child.on('exit', () => (ended = true))
  child.on('error', () => (ended = true))
  child.unref()
  await waitUntil(() => ended || readPostmaster(home)?.status === 'ready', START_MS)
  if (!ended) return
  const reason = lastFatal(readFileSync(home.log, 'utf8').slice(from))
  if (!isPassing(reason)) throw new AppError('unavailable', `The embedded Postgres did not start: ${reason}`)
  await pause(200)
}

/** Reasons that go away: a port taken since we looked, another start, sessions of a killed server that still end. */
function isPassing(reason: string): boolean {
  return /already exists|already in use|still in use|could not create any TCP\/IP sockets/.test(reason)
}

function lastFatal(log: string): string {
  const lines = log.trim().split('\n')
  const line = lines.findLast((candidate) => /(FATAL|PANIC|postgres): /.test(candidate)) ?? lines.at(-1) ?? ''
  return line.replace(/^.*(FATAL|PANIC): +/, '')
}

/**
 * Ownership is an advisory lock held by a session: it ends with its owner however that ends, so it can't go stale.
 * @returns releases it
 */
async function own(url: string, folder: string): Promise<() => Promise<void>> {
  const session = postgres(url, { max: 1, idle_timeout: 0, max_lifetime: null, onnotice: () => {} })
  const end = performance.now() + OWNER_LEAVES_MS
  try {
    while (!(await tryOwn(session))) {
      if (performance.now() > end) {
        throw new AppError('conflict', `Another Patchbay is running on ${folder}. Stop it first, or set DATABASE_URL.`)
      }
      await pause(100)
    }
  } catch (error) {
    await session.end({ timeout: 1 })
    throw error
  }
  return () => session.end({ timeout: 1 })
}

async function tryOwn(session: postgres.Sql): Promise<boolean> {
  const [row] = await session<{ owned: boolean }[]>`select pg_try_advisory_lock(hashtext('patchbay owner')) as owned`
  return row?.owned ?? false
}

/** Fast shutdown: sessions end, everything is written down. Should that hang, the crash-safe way. */
async function stopPostmaster(pid: number): Promise<void> {
  const gone = () => !isAlive(pid)
  signalProcess(pid, 'SIGINT')
  if (await waitUntil(gone, STOP_MS)) return
  signalProcess(pid, 'SIGQUIT')
  await waitUntil(gone, STOP_MS)
}
