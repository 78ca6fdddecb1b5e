import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { countMatching, countRecoverable } from '#db/queries/select-recovery'
import { feedRecoveries } from '#lib/flows/feed-recoveries'
import { recoveryFilter } from '#lib/flows/recovery-filter'
import { createChannel, createConversation, createMessage } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'
import { dying, failMany, recovering } from '#tests/support/recovering'

const database = await testDatabase()
const { db } = database
const { start, lookUp, step, read, states } = recovering(db)
afterAll(database.close)

/** More than three times what one step looks up. */
const MANY = 65_000

beforeEach(() => db.execute(sql`truncate recoveries, recovery_items, recovery_targets`))

test('takes what its filter matches and nothing else', async () => {
  const channel = await createChannel(db)
  const other = await createChannel(db)
  const talk = await createConversation(db, channel.id)
  const failed = { delivery: { status: 'failed' as const, lastErrorClass: 'gone' } }
  await createMessage(db, talk, { direction: 'outbound', ...failed })
  await createMessage(db, talk, {
    direction: 'outbound',
    delivery: { status: 'failed', lastErrorClass: 'timeout_answer' },
  })
  await createMessage(db, talk, { direction: 'inbound', ...failed })
  await createMessage(db, talk, { direction: 'outbound', delivery: { status: 'discarded' } })
  await createMessage(db, talk, { direction: 'outbound' })
  await createMessage(db, talk, { direction: 'inbound', frontState: 'missing' })
  await createMessage(db, await createConversation(db, other.id), { direction: 'outbound', ...failed })
  const of = async (filters: Record<string, string>) => {
    await db.execute(sql`truncate recoveries, recovery_items, recovery_targets`)
    const id = await start(filters)
    await lookUp(id)
    return (await states(id)).length
  }
  expect(await of({ channel: channel.id })).toBe(3)
  expect(await of({ channel: channel.id, direction: 'outbound', cause: 'gone' })).toBe(1)
  expect(await of({ channel: channel.id, status: 'unconfirmed' })).toBe(1)
  expect(await of({ channel: channel.id, status: 'attention' })).toBe(4)
  expect(await of({ q: 'nobody at all', in: 'text' })).toBe(0)
})

test('leaves out what was taken in after it began', async () => {
  const channel = await createChannel(db)
  const id = await start({ channel: channel.id }, { now: new Date(Date.now() - 1000) })
  await failMany(db, channel.id, 3)
  await lookUp(id)
  await step()
  expect(await read(id)).toMatchObject({ total: 0, status: 'done' })
})

test('a filter that shows more than failures is refused', async () => {
  await expect(start({ status: 'delivered' })).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(start({ status: '' })).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(start({}, { perMinute: 0 })).rejects.toMatchObject({ code: 'invalid_input' })
})

test('looks up many in steps, also when killed before each of them commits, and takes each once', async () => {
  const channel = await createChannel(db)
  await failMany(db, channel.id, MANY, { talks: 9000 })
  const id = await start({ channel: channel.id })
  const filter = recoveryFilter((await read(id)).filter)
  expect(await countMatching(db, filter, 1_000_000)).toBe(MANY)
  expect(await countRecoverable(db, filter)).toEqual([
    { channelId: channel.id, direction: 'outbound', count: MANY, unsure: 0 },
  ])
  let steps = 0
  for (; (await read(id)).status === 'queueing'; steps += 1) {
    await expect(feedRecoveries(dying(db), new Date())).rejects.toThrow('killed')
    await step()
  }
  expect(steps).toBeGreaterThan(3)
  expect(await read(id)).toMatchObject({ total: MANY, waiting: MANY, status: 'running' })
  const [row] = await db.execute(sql`
    select count(distinct delivery_id)::int as items, (count(*) filter (where state = 'waiting'))::int as next from recovery_items`)
  expect(row).toEqual({ items: MANY, next: 9000 })
  expect(await countRecoverable(db, filter)).toEqual([])
}, 60_000)

test('two that begin at once share nothing', async () => {
  const channel = await createChannel(db)
  await failMany(db, channel.id, 40)
  const [one, two] = await Promise.all([start({ channel: channel.id }), start({ channel: channel.id })])
  await Promise.all([feedRecoveries(db, new Date()), feedRecoveries(db, new Date())])
  await lookUp(one)
  await lookUp(two)
  const [a, b] = [await read(one), await read(two)]
  expect([a.total, b.total].sort((x, y) => x - y)).toEqual([0, 40])
})
