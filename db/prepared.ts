import { type Database, type Db, isDatabase } from '#db/client'

type Parameter = string | number | boolean | null

/**
 * Runs a statement of a hot path as a named prepared one: planned once for each connection and sent in one round trip,
 * where drizzle sends every statement unnamed, to be planned anew each time, which takes milliseconds where the log's
 * partitions are joined. The same inside a transaction.
 * @param text with parameters `$1`, `$2`, ...; column names come back as they are
 */
export async function runPrepared<Row extends Record<string, unknown>>(
  db: Db,
  text: string,
  parameters: Parameter[],
): Promise<Row[]> {
  // Where the connection is set not to prepare, as behind some poolers, the driver leaves it out.
  const rows: Iterable<unknown> = await clientOf(db).unsafe(text, parameters, { prepare: true })
  return [...rows] as Row[] // what the statement selects, which only its writer knows
}

type Client = Database['$client']

/** Drizzle shows the driver's client of a database, and keeps that of a transaction to itself. */
function clientOf(db: Db): Client {
  if (isDatabase(db)) return db.$client
  const { session } = db as unknown as { session: { client: Client } }
  return session.client
}
