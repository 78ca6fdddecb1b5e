import type { TestProject } from 'vitest/node'
import { connect } from '#db/client'
import { startEmbeddedPostgres } from '#lib/server/embedded-postgres'
import { migrateDatabase } from '#lib/server/migrate'
import { removeDataFolder, sweepTemporaryFolders, temporaryFolder } from '#tests/support/temporary-folder'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

export const TEMPLATE = 'patchbay_template'

/** Tests may lose their data in a power cut. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Vitest's global set-up: one Postgres for the whole run, with a migrated database to copy from. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepTemporaryFolders()
  const folder = temporaryFolder('postgres')
  const server = await startEmbeddedPostgres(folder, SETTINGS)
  const admin = connect(server.url)
  await admin.sql.unsafe(`create database ${TEMPLATE}`)
  await admin.end()
  await migrateDatabase(databaseUrl(server.url, TEMPLATE), new Date())
  project.provide('postgresUrl', server.url)
  return async () => {
    await server.stop()
    await removeDataFolder(folder)
  }
}

export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}
