import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { msUntilClaimable } from '#db/queries/next-claim'
import { endDrains, listRefusedChannels } from '#db/queries/targets'
import { enqueue } from '#tests/support/engine'
import { createChannel, createConversation } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

// What every worker asks each second, or each time it is woken, must not cost more because of channels that are silent.
const database = await testDatabase({ max: 2 })
const { db } = database
afterAll(database.close)

const COMPANIES = 3000

async function addCompanies(count: number): Promise<void> {
  await db.execute(sql`
    with company as (
      insert into companies (id, name, front_base_url)
      select uuid_v7(), 'Company ' || n, 'https://front.example' from generate_series(1, ${count}::int) n returning id),
    channel as (
      insert into channels (id, company_id, key, name, front_channel_id, threading)
      select uuid_v7(), id, gen_random_uuid()::text, 'Chat', 'cha_' || gen_random_uuid(), '{"type":"sender"}' from company returning id)
    insert into targets (channel_id, direction)
      select channel.id, d from channel, unnest(array['inbound', 'outbound', 'report']) d`)
}

/** Pages that a statement touches once its plan is warm; nothing stays of what it does. */
async function pagesOf(statement: string): Promise<number> {
  const pages: number[] = []
  for (let n = 0; n < 4; n += 1) {
    await database.sql
      .begin(async (tx) => {
        const [row] = await tx.unsafe(`explain (analyze, buffers, format json) ${statement}`)
        const plan = row?.['QUERY PLAN'][0].Plan
        pages.push(plan['Shared Hit Blocks'] + plan['Shared Read Blocks'])
        throw rolledBack
      })
      .catch((error) => {
        if (error !== rolledBack) throw error
      })
  }
  return Math.min(...pages)
}

const rolledBack = new Error('Nothing stays.')

/** The statement that a query sends, with its values written in. */
async function sent(query: () => Promise<unknown>): Promise<string> {
  const texts: string[] = []
  const execute = db.$client.unsafe
  db.$client.unsafe = ((text: string, values?: unknown[], options?: object) => {
    texts.push((values ?? []).reduceRight<string>((all, value, n) => all.replaceAll(`$${n + 1}`, `'${value}'`), text))
    return execute.call(db.$client, text, values as never, options as never)
  }) as typeof execute
  try {
    await query()
  } finally {
    db.$client.unsafe = execute
  }
  return texts[0] ?? ''
}

test('a claim and what goes with it cost the same with 10,000 silent targets as with a few', async () => {
  const channel = await createChannel(db)
  await enqueue(db, { channelId: channel.id, conversationId: (await createConversation(db, channel.id)).id })
  const statements = [
    `select * from claim_deliveries('${newId()}', 50, '20 s')`,
    await sent(() => msUntilClaimable(db)),
    await sent(() => endDrains(db)),
    await sent(() => listRefusedChannels(db)),
  ]
  const few = []
  for (const statement of statements) few.push(await pagesOf(statement))
  await addCompanies(COMPANIES)
  const unknown = []
  for (const statement of statements) unknown.push(await pagesOf(statement))
  await db.execute(sql`analyze`)
  const known = []
  for (const statement of statements) known.push(await pagesOf(statement))
  // These two are asked at every claim: they must not wait for statistics.
  for (const n of [0, 1]) expect([n, unknown[n]]).toEqual([n, expect.closeTo(few[n] ?? 0, -1.5)])
  for (const [n, pages] of few.entries()) expect([n, known[n]]).toEqual([n, expect.closeTo(pages, -1.5)])
}, 40_000)
