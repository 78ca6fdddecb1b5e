import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { type Connection, connect } from '#db/client'
import { databaseUrl, TEMPLATE } from '#tests/support/postgres-for-all'

export type TestDatabase = {
  db: Connection['db']
  sql: Connection['sql']
  url: string
  /** Ends the connections and drops the database. */
  close: () => Promise<void>
}

/**
 * A migrated, empty database of its own. Usual form: `const database = await testDatabase()` at the top of a file,
 * `afterAll(database.close)`.
 * @param max connections of its pool
 */
export async function testDatabase({ max = 10 }: { max?: number } = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const server = inject('postgresUrl')
  await runOn(server, `create database ${name} template ${TEMPLATE}`)
  const url = databaseUrl(server, name)
  const connection = connect(url, { max, name })
  return {
    db: connection.db,
    sql: connection.sql,
    url,
    close: async () => {
      await connection.end()
      await runOn(server, `drop database if exists ${name} with (force)`)
    },
  }
}

async function runOn(url: string, statement: string): Promise<void> {
  const { sql, end } = connect(url, { max: 2, name: 'patchbay-test-admin' })
  try {
    await sql.unsafe(statement)
  } finally {
    await end()
  }
}
