import { sql } from 'drizzle-orm'
import type { Database, Transaction } from '#db/client'
import { firstIdAt } from '#db/ids'

/** The log: partitioned by month of its UUIDv7 id, so that pages read the newest and retention drops the oldest. */
const PARTITIONED = ['messages', 'deliveries', 'attempts', 'requests', 'files', 'reports'] as const

/** Leave room on a page where rows are updated after they are written. */
const FILLFACTOR: Partial<Record<(typeof PARTITIONED)[number], number>> = { deliveries: 80, messages: 90, reports: 90 }

const MONTHS_AHEAD = 3

/**
 * Makes the partitions of this month and the next three, and a default one that takes whatever has no month yet, so
 * that a write never fails for want of a partition. Safe to run at any time by several processes.
 */
export async function ensurePartitions(db: Database, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('patchbay partitions'))`)
    for (const table of PARTITIONED) {
      const fallback = `${table}_default`
      if (!(await tableExists(tx, fallback))) {
        await tx.execute(sql.raw(`create table ${fallback} partition of ${table} default`))
      }
      for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead += 1) await ensureMonth(tx, table, now, ahead)
    }
  })
}

async function ensureMonth(tx: Transaction, table: (typeof PARTITIONED)[number], now: Date, ahead: number) {
  const month = (add: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + add, 1))
  const name = `${table}_${month(ahead).toISOString().slice(0, 7).replace('-', '_')}`
  if (await tableExists(tx, name)) return
  const from = firstIdAt(month(ahead))
  const to = firstIdAt(month(ahead + 1))
  // Rows that already fell into the default partition stay there: Postgres would refuse the new one.
  const [stray] = await tx.execute<{ found: boolean }>(
    sql`select exists (select 1 from ${sql.identifier(`${table}_default`)} where id >= ${from} and id < ${to}) as found`,
  )
  if (stray?.found) return
  const fillfactor = FILLFACTOR[table]
  const settings = fillfactor ? ` with (fillfactor = ${fillfactor})` : ''
  await tx.execute(
    sql.raw(`create table ${name} partition of ${table} for values from ('${from}') to ('${to}')${settings}`),
  )
}

async function tableExists(tx: Transaction, name: string): Promise<boolean> {
  const [row] = await tx.execute<{ found: boolean }>(sql`select to_regclass(${name}) is not null as found`)
  return row?.found ?? false
}
