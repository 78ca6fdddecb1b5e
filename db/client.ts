import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from '#db/schema/index'

const CONNECT_TIMEOUT_S = 10

type Options = {
  /** Connections; never 1: a pipeline that fills up on a single connection can lose a transaction. */
  max?: number
  name?: string
  /** Named prepared statements: not behind a pooler that gives every transaction another connection. */
  prepare?: boolean
}

export function connect(url: string, { max = 10, name = 'patchbay', prepare = true }: Options = {}) {
  const sql = postgres(url, {
    max: Math.max(2, max),
    connect_timeout: CONNECT_TIMEOUT_S,
    idle_timeout: 60,
    prepare,
    onnotice: () => {},
    // Hours are counted and times written in UTC, whatever the server is set to.
    connection: { application_name: name, TimeZone: 'UTC' },
  })
  const db = drizzle(sql, { schema, casing: 'snake_case' })
  return { db, sql, end: () => sql.end({ timeout: 5 }) }
}

export type Connection = ReturnType<typeof connect>
export type Database = Connection['db']
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

/** What a query needs: the database or a transaction, so that any query can join one. */
export type Db = Database | Transaction

/** Whether nobody has begun a transaction yet. */
export function isDatabase(db: Db): db is Database {
  return '$client' in db
}
