import { sql } from 'drizzle-orm'
import type { Db } from '#db/client'

type Parameter = string | number | boolean | null

/**
 * Runs a statement of a hot path as a named prepared one: planned once for each connection and sent in one round trip,
 * where drizzle sends every statement unnamed. Inside a transaction it goes drizzle's way.
 * @param text with parameters `$1`, `$2`, ... used once each, in this order; column names come back as they are
 */
export async function runPrepared<Row extends Record<string, unknown>>(
  db: Db,
  text: string,
  parameters: Parameter[],
): Promise<Row[]> {
  const rows: Iterable<unknown> =
    '$client' in db
      ? await db.$client.unsafe(text, parameters, { prepare: db.$client.options.prepare })
      : await db.execute(toSql(text, parameters))
  return [...rows] as Row[] // what the statement selects, which only its writer knows
}

function toSql(text: string, parameters: Parameter[]) {
  const parts = text.split(/\$\d+/)
  return sql.join(
    parts.flatMap((part, index) =>
      index < parameters.length ? [sql.raw(part), sql`${parameters[index]}`] : [sql.raw(part)],
    ),
  )
}
