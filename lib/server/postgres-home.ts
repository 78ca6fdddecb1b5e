import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '#lib/errors'
import type { PostgresPrograms } from '#lib/server/postgres-binaries'
import { commandOf, hasCode, isAlive } from '#lib/server/processes'

/** One embedded database on disk. */
export type PostgresHome = { data: string; log: string; connection: string }

const connectionSchema = z.object({ port: z.number().int(), password: z.string() })
export type ConnectionFile = z.infer<typeof connectionSchema>

const HALF_MADE = 'postgres.new-'

export function postgresHome(folder: string): PostgresHome {
  const home = path.join(folder, 'postgres')
  return fileNames(home)
}

/**
 * Makes the database unless it exists. It is made beside its place and moved there when complete, together with its
 * password, so that a start that was killed half-way leaves nothing that the next one could mistake for a database.
 */
export async function ensureHome(folder: string, programs: PostgresPrograms): Promise<PostgresHome> {
  const home = postgresHome(folder)
  if (existsSync(home.connection)) return home
  sweepHalfMade(folder)
  const place = path.join(folder, `${HALF_MADE}${process.pid}`)
  await create(place, programs)
  try {
    renameSync(place, path.dirname(home.data))
  } catch (error) {
    // Another start was quicker: its database is as good as ours.
    rmSync(place, { recursive: true, force: true })
    if (!existsSync(home.connection)) throw error
  }
  return home
}

export function readConnection(home: PostgresHome): ConnectionFile {
  try {
    return connectionSchema.parse(JSON.parse(readFileSync(home.connection, 'utf8')))
  } catch (cause) {
    throw new AppError('unavailable', `${home.connection} can't be read, so the database has no password.`, { cause })
  }
}

export function writeConnection(home: PostgresHome, connection: ConnectionFile): void {
  const fresh = `${home.connection}.new`
  writeFileSync(fresh, `${JSON.stringify(connection)}\n`, { mode: 0o600 })
  renameSync(fresh, home.connection)
}

export function connectionUrl({ port, password }: ConnectionFile): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
}

/** What Postgres says about itself in its pid file. */
export type Postmaster = { pid: number; port: number; status: string }

/**
 * The server of this database, if one runs. A pid file left by a crash whose number now belongs to another program is
 * removed, since Postgres itself would refuse to start beside it.
 */
export function readPostmaster(home: PostgresHome): Postmaster | undefined {
  const file = path.join(home.data, 'postmaster.pid')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const pid = Number.parseInt(lines[0] ?? '', 10)
  if (!(pid > 0) || !isAlive(pid)) return undefined
  const command = commandOf(pid)
  if (command !== undefined && !command.includes('postgres')) {
    rmSync(file, { force: true })
    return undefined
  }
  return { pid, port: Number.parseInt(lines[3] ?? '', 10), status: (lines[7] ?? '').trim() }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function create(place: string, programs: PostgresPrograms): Promise<void> {
  const home = fileNames(place)
  rmSync(place, { recursive: true, force: true })
  for (const folder of [place, home.data]) {
    mkdirSync(folder, { mode: 0o700 })
    programs.giveToPostgres(folder)
  }
  const password = randomBytes(24).toString('base64url')
  const passwordFile = path.join(place, 'password')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  programs.giveToPostgres(passwordFile)
  const login = ['-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile]
  // Postgres's own locale: the same order and case folding on every machine, also beyond ASCII.
  const text = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  try {
    await programs.initdb(['-D', home.data, ...login, ...text, '--no-instructions'])
  } catch (cause) {
    rmSync(place, { recursive: true, force: true })
    throw new AppError('unavailable', `The embedded database can't be made: ${lastLine(cause)}`, { cause })
  }
  rmSync(passwordFile)
  writeConnection(home, { port: await freePort(), password })
}

function fileNames(home: string): PostgresHome {
  const file = (name: string) => path.join(home, name)
  return { data: file('data'), log: file('postgres.log'), connection: file('connection.json') }
}

function sweepHalfMade(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(HALF_MADE) || isAlive(Number(name.slice(HALF_MADE.length)))) continue
    rmSync(path.join(folder, name), { recursive: true, force: true })
  }
}

function lastLine(error: unknown): string {
  if (hasCode(error, 'EACCES')) return 'its folder or programs are not accessible to this user'
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  return said.trim().split('\n').at(-1) ?? ''
}
