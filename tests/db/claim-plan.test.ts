import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { createChannel } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const channels: string[] = []
const CHANNELS = 10
let lanes = 0
let connection: Awaited<ReturnType<typeof database.sql.reserve>>

beforeAll(async () => {
  connection = await database.sql.reserve()
  for (let n = 0; n < CHANNELS; n += 1) channels.push((await createChannel(db)).id)
})
afterAll(async () => {
  connection.release()
  await database.close()
})

/** Conversations with one message each that is due; every tenth is blocked by a message that failed. */
async function addWaiting(count: number): Promise<void> {
  const ids = sql.join(
    channels.map((id) => sql`${id}::uuid`),
    sql`, `,
  )
  await db.execute(sql`
    with place as (
      select n, gen_random_uuid() as conversation, uuid_v7() as delivery, (array[${ids}])[1 + n % ${CHANNELS}] as channel
      from generate_series(${lanes + 1}::int, ${lanes + count}::int) n),
    talk as (
      insert into conversations (id, channel_id, key, contact_handle)
      select conversation, channel, 'key ' || n, 'handle ' || n from place),
    duty as (
      insert into deliveries (id, channel_id, conversation_id, direction) select delivery, channel, conversation, 'inbound' from place),
    lane as (
      insert into lanes (conversation_id, channel_id, direction, last_seq, due_at)
      select conversation, channel, 'inbound', 1, case when n % 10 = 0 then null else now() - n * interval '1 ms' end
      from place order by n returning id, conversation_id)
    insert into lane_queue (lane_id, seq, delivery_id)
      select lane.id, 1, place.delivery from lane join place on place.conversation = lane.conversation_id`)
  lanes += count
}

/** Pages that a claim read or wrote once its connection is warm; it leaves nothing behind. */
async function pagesOfClaim(batch: number): Promise<number> {
  const pages: number[] = []
  for (let n = 0; n < 8; n += 1)
    pages.push(await explain(`select * from claim_deliveries('${newId()}', ${batch}, '20 s')`))
  return Math.min(...pages.slice(1))
}

async function explain(statement: string): Promise<number> {
  await connection.unsafe('begin')
  const [row] = await connection.unsafe<{ 'QUERY PLAN': Explained }[]>(
    `explain (analyze, buffers, format json) ${statement}`,
  )
  await connection.unsafe('rollback')
  const plan = row?.['QUERY PLAN'][0]?.Plan
  return (plan?.['Shared Hit Blocks'] ?? Number.NaN) + (plan?.['Shared Read Blocks'] ?? Number.NaN)
}

type Explained = { Plan: Record<string, number> }[]

test('a claim costs what it takes, not what waits: 100,000 conversations cost hardly more than 1,000', async () => {
  await addWaiting(1000)
  const few = [await pagesOfClaim(1), await pagesOfClaim(50)]
  await addWaiting(99_000)
  // Statistics of a queue are never right, so the plan must hold without them too.
  const unknown = [await pagesOfClaim(1), await pagesOfClaim(50)]
  await db.execute(sql`analyze lanes, lane_queue, deliveries, conversations`)
  const known = [await pagesOfClaim(1), await pagesOfClaim(50)]
  for (const [one = 0, fifty = 0] of [unknown, known]) {
    expect(one).toBeLessThan((few[0] ?? 0) + 50)
    expect(fifty).toBeLessThan((few[1] ?? 0) + 300)
  }
}, 60_000)
