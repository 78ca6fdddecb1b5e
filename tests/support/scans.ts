import { sql } from 'drizzle-orm'
import { connect, type Database } from '#db/client'
import type { TestDatabase } from '#tests/support/postgres'

/**
 * Sequential scans of the tables that grow, by table, made by what `work` does on connections of its own.
 * @param tables beginnings of their names, as a regular expression's alternatives; small ones are left out
 */
export function scansIn({ db, url }: TestDatabase, tables: string) {
  return async (work: (own: Database) => Promise<unknown>): Promise<Record<string, number>> => {
    const before = await countScans(db, tables)
    const own = connect(url, { max: 2 })
    // Six times, since Postgres settles on a plan after the fifth.
    for (let n = 0; n < 6; n += 1) await work(own.db)
    await own.end() // a connection tells what it did when it ends, at the latest
    for (;;) {
      const [row] = await db.execute<{ open: number }>(sql`
        select count(*)::int as open from pg_stat_activity where datname = current_database() and application_name = 'patchbay'`)
      if (row?.open === 0) break
    }
    const after = await countScans(db, tables)
    const more = Object.entries(after).map(([name, scans]) => [name, scans - (before[name] ?? 0)] as const)
    return Object.fromEntries(more.filter(([, scans]) => scans > 0))
  }
}

async function countScans(db: Database, tables: string): Promise<Record<string, number>> {
  const rows = await db.execute<{ name: string; scans: string }>(sql`
    select relname as name, seq_scan as scans from pg_stat_user_tables
    where relname ~ ${`^(${tables})`} and pg_relation_size(relid) > 100000`)
  return Object.fromEntries(rows.map(({ name, scans }) => [name, Number(scans)]))
}
