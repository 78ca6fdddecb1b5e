import { connectionUrl, postgresHome, readConnection } from '#lib/server/postgres-home'
import { type Run, runProgram } from '#tests/support/run-program'
import { removeDataFolder, temporaryFolder } from '#tests/support/temporary-folder'

export type { Run } from '#tests/support/run-program'

const ITSELF: [string, string[]] = [process.execPath, ['lib/server/start.ts']]
const ALL_THROUGH_NEXT: [string, string[]] = [process.execPath, ['lib/server/start.ts', '--through-next']]
const THROUGH_A_SHELL: [string, string[]] = ['sh', ['-c', `"${process.execPath}" lib/server/start.ts; exit $?`]]

/**
 * Starts the server as `npm start` does, with nothing set but what is given.
 * @param throughShell `child` is then the shell above the server, as with npm
 * @param throughNext nothing is answered in front of Next
 */
export function runServer(env: Record<string, string>, { throughShell = false, throughNext = false } = {}): Run {
  const direct = throughNext ? ALL_THROUGH_NEXT : ITSELF
  return runProgram(throughShell ? THROUGH_A_SHELL : direct, { PORT: '0', ...env })
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
