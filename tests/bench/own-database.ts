import { type Connection, connect } from '#db/client'
import { migrateDatabase } from '#lib/server/migrate'
import type { Bench } from '#tests/bench/installation'
import { databaseUrl } from '#tests/support/postgres-for-all'

/** Runs `work` in a database of its own on the same Postgres, out of the sight of the server's worker. */
export async function inOwnDatabase(
  { server, connection }: Bench,
  name: string,
  work: (own: Connection) => Promise<void>,
): Promise<void> {
  await connection.sql.unsafe(`create database ${name}`)
  const url = databaseUrl(server.databaseUrl, name)
  await migrateDatabase(url, new Date())
  const own = connect(url, { max: 10, name: 'patchbay-bench' })
  try {
    await work(own)
  } finally {
    await own.end()
    await connection.sql.unsafe(`drop database ${name} with (force)`)
  }
}
