import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { connect, type Database } from '#db/client'
import { createChannel } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'
import { carryAll, failMany, recovering } from '#tests/support/recovering'

const database = await testDatabase()
const { db } = database
const { start, lookUp, step, read } = recovering(db)
afterAll(database.close)

const STEPS = 5

/** Rows of the recovery that one step reads, through an index or not, on a connection of its own. */
async function rowsOfStep(): Promise<number> {
  const before = await rowsRead()
  const own = connect(database.url, { max: 2, name: 'patchbay-step' })
  for (let n = 0; n < STEPS; n += 1) await work(own.db)
  await own.end() // a connection tells what it did when it ends, at the latest
  for (let open = 1; open > 0; ) {
    const [row] = await db.execute<{ n: number }>(
      sql`select count(*)::int as n from pg_stat_activity where application_name = 'patchbay-step'`,
    )
    open = row?.n ?? 0
  }
  return ((await rowsRead()) - before) / STEPS
}

async function work(own: Database): Promise<void> {
  await step(own)
  await carryAll(own)
}

async function rowsRead(): Promise<number> {
  const [row] = await db.execute<{ n: string }>(sql`
    select (select seq_tup_read from pg_stat_user_tables where relname = 'recovery_items')
      + (select sum(idx_tup_read) from pg_stat_user_indexes where relname = 'recovery_items') as n`)
  return Number(row?.n)
}

for (const [what, talks] of [
  ['a few messages to each conversation', 6000],
  ['all of them in twenty conversations', 20],
] as const) {
  test(`a step of a recovery of 30,000 costs what it feeds, with ${what}`, async () => {
    await db.execute(sql`truncate recoveries, recovery_items, recovery_targets`)
    const channel = await createChannel(db)
    await failMany(db, channel.id, 30_000, { talks })
    const id = await start({ channel: channel.id })
    await lookUp(id)
    await work(db)
    expect(await rowsOfStep()).toBeLessThan(2000)
    expect((await read(id)).delivered).toBeGreaterThanOrEqual(5 * 20)
  }, 60_000)
}
