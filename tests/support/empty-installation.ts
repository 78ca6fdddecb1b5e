import postgres from 'postgres'
import type { Connection } from '#db/client'

const LOCK_NOT_AVAILABLE = '55P03'

/**
 * Removes everything but the tables and the check of the sealing key, which the running server made at its start.
 * That server goes on working: this takes its locks all at once or none, so that neither waits for the other in a circle.
 */
export async function emptyInstallation(sql: Connection['sql']): Promise<void> {
  const rows = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'installation'`
  const tables = rows.map(({ name }) => `"${name}"`).join(', ')
  while (!(await emptyAtOnce(sql, tables)));
  await sql`update installation set owner_created_at = null`
}

async function emptyAtOnce(sql: Connection['sql'], tables: string): Promise<boolean> {
  try {
    await sql.begin(async (tx) => {
      await tx.unsafe(`lock table ${tables} in access exclusive mode nowait`)
      await tx.unsafe(`truncate ${tables} restart identity`)
    })
    return true
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === LOCK_NOT_AVAILABLE) return false
    throw error
  }
}
