import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { listBreakerEvents } from '#db/queries/breakers'
import { settleDeliveries } from '#db/queries/settle'
import { targets } from '#db/schema/targets'
import { overrideBreaker } from '#lib/flows/override-breaker'
import { claim, enqueue, passTime, settlement } from '#tests/support/engine'
import { type Channel, createChannel, createConversation } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const TO_OPEN = 10
const actor = 'mina@example.com'
let channel: Channel

beforeEach(async () => {
  await db.execute(sql`update lanes set due_at = null`)
  channel = await createChannel(db)
})

/** New conversations with a reply each that waits. */
async function wait(count: number, place = channel): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const { id } = await createConversation(db, place.id)
    await enqueue(db, { channelId: place.id, conversationId: id, direction: 'outbound' })
  }
}

/** Claims and settles what may go; returns how many went. */
async function attempt(outcome: 'delivered' | 'fault' | 'refused', batch = 50): Promise<number> {
  const claims = await claim(db, batch)
  const status = outcome === 'delivered' ? 'delivered' : 'retrying'
  await settleDeliveries(
    db,
    claims.map((one) => {
      const told = settlement(one, status, { target_fault: outcome === 'fault' })
      return { ...told, try: told.try && { ...told.try, error: outcome === 'delivered' ? null : 'No connection' } }
    }),
  )
  return claims.length
}

async function target() {
  const [row] = await db
    .select()
    .from(targets)
    .where(and(eq(targets.channelId, channel.id), eq(targets.direction, 'outbound')))
  if (!row) throw new Error('no target')
  return row
}

const waitOver = () =>
  db.update(targets).set({ holdUntil: sql`now() - interval '1 second'` }).where(eq(targets.channelId, channel.id))
const history = async () => (await listBreakerEvents(db, { channelId: channel.id })).map(({ kind }) => kind).reverse()

async function open(): Promise<void> {
  await wait(TO_OPEN + 5)
  await attempt('fault', TO_OPEN)
}

test('a target that fails ten times in a row is not called any more, and why is written down', async () => {
  await wait(TO_OPEN + 5)
  await attempt('fault', TO_OPEN - 1)
  expect((await target()).breakerSince).toBeNull()
  await attempt('fault', 1)
  expect(await target()).toMatchObject({ breakerSince: expect.any(Date), breakerReason: 'No connection' })
  expect(await claim(db)).toEqual([])
  expect(await listBreakerEvents(db, { channelId: channel.id })).toMatchObject([
    { kind: 'opened', reason: 'No connection', direction: 'outbound' },
  ])
})

test('one delivery in between, or refusals of single messages, keep it closed', async () => {
  await wait(30)
  await attempt('fault', TO_OPEN - 1)
  await attempt('delivered', 1)
  await attempt('fault', TO_OPEN - 1)
  await attempt('delivered', 1)
  await attempt('refused', 10)
  expect((await target()).breakerSince).toBeNull()
  expect(await history()).toEqual([])
})

test('when its wait is over one message probes, and a probe that fails doubles the wait, up to ten minutes', async () => {
  await open()
  const waits: number[] = []
  for (let n = 0; n < 7; n += 1) {
    await passTime(db, 7_200_000)
    await waitOver()
    expect(await attempt('fault')).toBe(1)
    waits.push(Math.round(((await target()).holdUntil?.getTime() ?? 0) / 1000 - Date.now() / 1000))
  }
  expect(waits.map((seconds) => Math.round(seconds / 10) * 10)).toEqual([60, 120, 240, 480, 600, 600, 600])
})

test('while a probe is under way nobody else is sent, by no worker', async () => {
  await open()
  await waitOver()
  expect(await claim(db)).toHaveLength(1)
  expect(await claim(db)).toEqual([])
})

test('a probe that goes through lets all the others follow', async () => {
  await open()
  await waitOver()
  expect(await attempt('delivered')).toBe(1)
  expect(await target()).toMatchObject({ breakerSince: null, targetFaults: 0, breakerProbes: 0 })
  expect(await attempt('delivered')).toBe(4)
  expect(await history()).toEqual(['opened', 'closed'])
})

test('answers that were under way when it opened do not make the wait longer', async () => {
  await wait(TO_OPEN + 5)
  const late = await claim(db, 3)
  await attempt('fault', TO_OPEN)
  const { holdUntil } = await target()
  await settleDeliveries(
    db,
    late.map((one) => settlement(one, 'retrying', { target_fault: true })),
  )
  expect(await target()).toMatchObject({ holdUntil, breakerProbes: 0 })
})

test('a person may override it, and who did is written down', async () => {
  await open()
  await overrideBreaker(db, { channelId: channel.id, direction: 'outbound', actor })
  expect(await claim(db)).toHaveLength(5)
  expect(await history()).toEqual(['opened', 'overridden'])
  const again = overrideBreaker(db, { channelId: channel.id, direction: 'outbound', actor })
  await expect(again).rejects.toMatchObject({ code: 'conflict' })
})

test('an open target costs other channels nothing', async () => {
  await open()
  const other = await createChannel(db)
  await wait(3, other)
  const claims = await claim(db)
  expect(claims.map(({ channelId }) => channelId)).toEqual([other.id, other.id, other.id])
})
