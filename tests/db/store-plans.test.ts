import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { storeMessage, storeWritten, writeOut } from '#db/queries/store-message'
import { createChannel } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'
import { tell } from '#tests/support/told-messages'

// One connection at work: a plan is made once for each.
const database = await testDatabase({ max: 2 })
const { db } = database
afterAll(database.close)

const TALKS = 3000

test('a connection that planned for an empty database stores groups as quickly in a channel of many conversations', async () => {
  const channelId = (await createChannel(db)).id
  const group = () =>
    Array.from({ length: 20 }, (_, talk) => tell(channelId, { key: null, content: 0, talk, name: null }))
  await db.transaction(async (tx) => {
    for (let n = 0; n < 3; n += 1) await storeWritten(tx, group().map(writeOut))
    await tx.execute(sql`
      insert into conversations (id, channel_id, key, contact_handle)
      select gen_random_uuid(), ${channelId}::uuid, 'old ' || n, 'old ' || n from generate_series(1, ${TALKS}::int) n`)
    const one = group()
    const apart = await pagesReadBy(tx, async () => {
      for (const input of one) await storeMessage(tx, input)
    })
    const together = await pagesReadBy(tx, () => storeWritten(tx, group().map(writeOut)))
    // An index that begins with the channel looked as good as one that finds the row, when the table was empty.
    expect(together).toBeLessThan(apart)
    expect(apart / one.length).toBeLessThan(400)
  })
})

type Looking = Pick<typeof db, 'execute'>

async function pagesReadBy(tx: Looking, work: () => Promise<unknown>): Promise<number> {
  const before = await pagesRead(tx)
  await work()
  return (await pagesRead(tx)) - before
}

/** Pages of tables and their indexes that this transaction has looked at. */
async function pagesRead(tx: Looking): Promise<number> {
  const [row] = await tx.execute<{ pages: number }>(sql`
    select sum(pg_stat_get_xact_blocks_fetched(oid))::int as pages from pg_class where relkind in ('r', 'i')`)
  return row?.pages ?? Number.NaN
}
