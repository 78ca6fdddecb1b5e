import { sql } from 'drizzle-orm'
import type { Db } from '#db/client'

/** When the newest migration that this database has was made, in milliseconds. Fails where none ever ran. */
export async function newestMigration(db: Db): Promise<number> {
  const [row] = await db.execute<{ newest: string | null }>(
    sql`select max(created_at) as newest from drizzle.__drizzle_migrations`,
  )
  return Number(row?.newest ?? 0)
}
