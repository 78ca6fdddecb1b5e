import type { Connection } from '#db/client'

/** Removes everything but the tables and the check of the sealing key, which the running server made at its start. */
export async function emptyInstallation(sql: Connection['sql']): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'installation'`
  await sql.unsafe(`truncate ${tables.map((table) => `"${table.name}"`).join(', ')} restart identity`)
  await sql`update installation set owner_created_at = null`
}
