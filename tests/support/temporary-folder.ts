import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { postgresHome, readPostmaster } from '#lib/server/postgres-home'
import { isAlive, signalProcess, waitUntil } from '#lib/server/processes'

const PREFIX = 'patchbay-test-'

/** A folder of this test process. It carries the process's number, so that the next run can clear up after a kill. */
export function temporaryFolder(name: string): string {
  return mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-${name}-`))
}

/** Removes a data folder; a database that still runs in it is stopped first. */
export async function removeDataFolder(folder: string): Promise<void> {
  const server = readPostmaster(postgresHome(folder))
  if (server) {
    signalProcess(server.pid, 'SIGQUIT')
    await waitUntil(() => !isAlive(server.pid), 10_000)
  }
  rmSync(folder, { recursive: true, force: true })
}

/** Clears up after test runs that were killed. */
export async function sweepTemporaryFolders(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const owner = Number.parseInt(name.slice(PREFIX.length), 10)
    if (!isAlive(owner)) await removeDataFolder(path.join(tmpdir(), name))
  }
}
