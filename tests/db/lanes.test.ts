import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { extendLeases, lockQueuePlace, makeLaneDue, requeueDelivery, skipLaneHead } from '#db/queries/lanes'
import { settleDeliveries } from '#db/queries/settle'
import { attempts } from '#db/schema/attempts'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import { targets } from '#db/schema/targets'
import { claim, enqueue, passTime, settlement } from '#tests/support/engine'
import { createChannel, createConversation } from '#tests/support/factories'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

let database: TestDatabase
let channelId: string
let conversationId: string
const db = () => database.db

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  // Lanes of earlier tests must not be claimed by the next one.
  await db().execute(sql`update lanes set due_at = null`)
  channelId = (await createChannel(db())).id
  conversationId = (await createConversation(db(), channelId)).id
})

async function statusOf(id: string) {
  const [row] = await db().select().from(deliveries).where(eq(deliveries.id, id))
  return row
}

describe('order within a conversation', () => {
  test('the second message is not claimed while the first is in flight', async () => {
    const first = await enqueue(db(), { channelId, conversationId })
    const second = await enqueue(db(), { channelId, conversationId })
    const [head, ...more] = await claim(db())
    expect(head?.deliveryId).toBe(first)
    expect(more).toEqual([])
    if (head) await settleDeliveries(db(), [settlement(head, 'delivered')])
    expect((await claim(db())).map((next) => next.deliveryId)).toEqual([second])
  })

  test('a message that waits for its next attempt holds back the ones behind it', async () => {
    const first = await enqueue(db(), { channelId, conversationId })
    await enqueue(db(), { channelId, conversationId })
    const [head] = await claim(db())
    if (head) await settleDeliveries(db(), [settlement(head, 'retrying')])
    expect(await claim(db())).toEqual([])
    await passTime(db(), 3_600_000)
    const [again] = await claim(db())
    expect(again).toMatchObject({ deliveryId: first, attempt: 2, recovered: false })
  })

  test('a reply is not held back by an inbound message of the same conversation', async () => {
    await enqueue(db(), { channelId, conversationId })
    const reply = await enqueue(db(), { channelId, conversationId, direction: 'outbound' })
    expect((await claim(db())).map((next) => next.deliveryId)).toContain(reply)
  })

  test('after a final failure the lane moves on, or stays until a person decides, as the channel chose', async () => {
    const movedOn = await enqueue(db(), { channelId, conversationId })
    const behind = await enqueue(db(), { channelId, conversationId })
    const [head] = await claim(db())
    if (head) await settleDeliveries(db(), [settlement(head, 'failed', { advance: true })])
    expect(await statusOf(movedOn)).toMatchObject({ status: 'failed', attempts: 1 })
    const [next] = await claim(db())
    expect(next?.deliveryId).toBe(behind)
    if (next) await settleDeliveries(db(), [settlement(next, 'failed', { advance: false })])
    await enqueue(db(), { channelId, conversationId })
    await passTime(db(), 3_600_000)
    expect(await claim(db())).toEqual([])
  })

  test('messages of one conversation that arrive at once are claimed in the order of their commits', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => enqueue(db(), { channelId, conversationId })))
    const queued = await db()
      .select({ id: laneQueue.deliveryId })
      .from(laneQueue)
      .innerJoin(lanes, eq(lanes.id, laneQueue.laneId))
      .where(eq(lanes.conversationId, conversationId))
      .orderBy(laneQueue.seq)
    const claimed: string[] = []
    for (let i = 0; i < ids.length; i += 1) {
      const [head] = await claim(db())
      if (!head) break
      claimed.push(head.deliveryId)
      await settleDeliveries(db(), [settlement(head, 'delivered')])
    }
    expect(claimed).toEqual(queued.map((row) => row.id))
    expect(new Set(claimed)).toEqual(new Set(ids))
  })
})

describe('leases', () => {
  test('two workers that claim at once never get the same delivery', async () => {
    for (let i = 0; i < 40; i += 1) {
      await enqueue(db(), { channelId, conversationId: (await createConversation(db(), channelId)).id })
    }
    const batches = await Promise.all(Array.from({ length: 8 }, () => claim(db(), 10)))
    const claimed = batches.flat().map((one) => one.deliveryId)
    expect(new Set(claimed).size).toBe(claimed.length)
    expect(claimed.length).toBe(40)
  })

  test('a worker that dies gives its delivery back when the lease ends, with the lost attempt written down', async () => {
    const id = await enqueue(db(), { channelId, conversationId })
    await claim(db())
    expect(await claim(db())).toEqual([])
    await passTime(db(), 20_001)
    const [again] = await claim(db())
    expect(again).toMatchObject({ deliveryId: id, attempt: 2, recovered: true })
    expect(await statusOf(id)).toMatchObject({ attempts: 1, answerLost: true })
    const [lost] = await db().select().from(attempts).where(eq(attempts.deliveryId, id))
    expect(lost).toMatchObject({ n: 1, outcome: 'lost', errorClass: 'worker_lost' })
  })

  test('a worker that lost its lease changes nothing when it settles late', async () => {
    const id = await enqueue(db(), { channelId, conversationId })
    const [stale] = await claim(db())
    await passTime(db(), 20_001)
    const [fresh] = await claim(db())
    if (!stale || !fresh) throw new Error('nothing was claimed')
    expect(await settleDeliveries(db(), [settlement(stale, 'failed')])).toEqual([])
    expect(await statusOf(id)).toMatchObject({ status: 'pending' })
    expect(await settleDeliveries(db(), [settlement(fresh, 'delivered')])).toEqual([id])
    expect(await settleDeliveries(db(), [settlement(fresh, 'delivered')])).toEqual([])
    expect(await statusOf(id)).toMatchObject({ status: 'delivered', attempts: 2, answerLost: false })
  })

  test('a stale token with the right head and attempt is refused', async () => {
    await enqueue(db(), { channelId, conversationId })
    const [head] = await claim(db())
    if (!head) throw new Error('nothing was claimed')
    expect(await settleDeliveries(db(), [settlement({ ...head, token: newId() }, 'delivered')])).toEqual([])
  })

  test('a living worker keeps its lease', async () => {
    await enqueue(db(), { channelId, conversationId })
    const token = newId()
    await claim(db(), 50, token)
    await passTime(db(), 19_000)
    const [lane] = await db().select().from(lanes).where(eq(lanes.lease, token))
    await extendLeases(db(), { token, laneIds: [lane?.id ?? 0], leaseMs: 20_000 })
    await passTime(db(), 2000)
    expect(await claim(db())).toEqual([])
  })

  test('a delivery that is handed back untried costs no attempt', async () => {
    const id = await enqueue(db(), { channelId, conversationId })
    const [head] = await claim(db())
    if (head) await settleDeliveries(db(), [settlement(head, 'deferred', { retry_ms: 0 })])
    const [again] = await claim(db())
    expect(again).toMatchObject({ deliveryId: id, attempt: 1 })
    expect(await statusOf(id)).toMatchObject({ attempts: 0 })
  })
})

describe('targets', () => {
  test('a held target keeps everything and gives it out in order when it is released', async () => {
    const first = await enqueue(db(), { channelId, conversationId })
    await enqueue(db(), { channelId, conversationId })
    await db().update(targets).set({ heldSince: new Date() }).where(eq(targets.channelId, channelId))
    expect(await claim(db())).toEqual([])
    await db().update(targets).set({ heldSince: null }).where(eq(targets.channelId, channelId))
    expect((await claim(db())).map((one) => one.deliveryId)).toEqual([first])
  })

  test('a pause that the other side asked for stops the whole target', async () => {
    await enqueue(db(), { channelId, conversationId })
    const other = (await createConversation(db(), channelId)).id
    const [head] = await claim(db())
    if (!head) throw new Error('nothing was claimed')
    await settleDeliveries(db(), [
      settlement(head, 'retrying', { hold: 'target', hold_ms: 60_000, hold_reason: 'asked to wait' }),
    ])
    await enqueue(db(), { channelId, conversationId: other })
    expect(await claim(db())).toEqual([])
    await db().execute(sql`update targets set hold_until = now() where channel_id = ${channelId}`)
    expect((await claim(db())).length).toBe(1)
  })

  test('a pause of the Front company stops inbound deliveries of its channels and no replies', async () => {
    await enqueue(db(), { channelId, conversationId })
    const [head] = await claim(db())
    if (!head) throw new Error('nothing was claimed')
    await settleDeliveries(db(), [settlement(head, 'delivered', { hold: 'company', hold_ms: 60_000 })])
    await enqueue(db(), { channelId, conversationId })
    const reply = await enqueue(db(), { channelId, conversationId, direction: 'outbound' })
    expect((await claim(db())).map((one) => one.deliveryId)).toEqual([reply])
  })

  test('a rate limit lets a burst through and then waits', async () => {
    const limited = (await createChannel(db(), { target: { rateEvery: '1 hour', rateBurst: 3 } })).id
    for (let i = 0; i < 6; i += 1) {
      await enqueue(db(), { channelId: limited, conversationId: (await createConversation(db(), limited)).id })
    }
    expect((await claim(db())).length).toBe(3)
    expect(await claim(db())).toEqual([])
  })

  test('a concurrency limit counts what is in flight', async () => {
    const limited = (await createChannel(db(), { target: { maxInFlight: 2 } })).id
    for (let i = 0; i < 5; i += 1) {
      await enqueue(db(), { channelId: limited, conversationId: (await createConversation(db(), limited)).id })
    }
    const batches = await Promise.all([claim(db()), claim(db()), claim(db())])
    const claims = batches.flat()
    expect(claims.length).toBe(2)
    await settleDeliveries(
      db(),
      claims.map((one) => settlement(one, 'delivered')),
    )
    expect((await claim(db())).length).toBe(2)
  })

  test('a busy channel leaves others their fair share of a batch', async () => {
    for (let i = 0; i < 30; i += 1) {
      await enqueue(db(), { channelId, conversationId: (await createConversation(db(), channelId)).id })
    }
    const quiet = (await createChannel(db())).id
    const only = await enqueue(db(), { channelId: quiet, conversationId: (await createConversation(db(), quiet)).id })
    expect((await claim(db(), 10)).map((one) => one.deliveryId)).toContain(only)
  })
})

describe('decisions of a person', () => {
  test('a failed message that its lane has passed goes to the end of the lane, once', async () => {
    const failed = await enqueue(db(), { channelId, conversationId })
    const [head] = await claim(db())
    if (head) await settleDeliveries(db(), [settlement(head, 'failed', { advance: true })])
    const delivery = { id: failed, channelId, conversationId, direction: 'inbound' as const }
    expect(await db().transaction((tx) => requeueDelivery(tx, delivery))).toBe(true)
    expect(await db().transaction((tx) => requeueDelivery(tx, delivery))).toBe(false)
    expect((await claim(db())).map((one) => one.deliveryId)).toEqual([failed])
  })

  test('two simultaneous requeues leave one place in the lane', async () => {
    const failed = await enqueue(db(), { channelId, conversationId })
    const [head] = await claim(db())
    if (head) await settleDeliveries(db(), [settlement(head, 'failed', { advance: true })])
    const delivery = { id: failed, channelId, conversationId, direction: 'inbound' as const }
    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, () => db().transaction((tx) => requeueDelivery(tx, delivery))),
    )
    expect(tries.map((one) => one.status === 'fulfilled' && one.value).filter(Boolean)).toEqual([true])
    const places = await db().select().from(laneQueue).where(eq(laneQueue.deliveryId, failed))
    expect(places.length).toBe(1)
  })

  test('a blocked head is sent again on request, or skipped', async () => {
    const blocked = await enqueue(db(), { channelId, conversationId })
    const behind = await enqueue(db(), { channelId, conversationId })
    const [head] = await claim(db())
    if (head) await settleDeliveries(db(), [settlement(head, 'failed')])
    const place = await lockQueuePlace(db(), blocked)
    expect(place).toMatchObject({ isHead: true, inFlight: false, dueAt: null })
    await makeLaneDue(db(), place?.laneId ?? 0)
    const [again] = await claim(db())
    expect(again).toMatchObject({ deliveryId: blocked, attempt: 1 })
    if (again) await settleDeliveries(db(), [settlement(again, 'failed')])
    await skipLaneHead(db(), place?.laneId ?? 0)
    expect((await claim(db())).map((one) => one.deliveryId)).toEqual([behind])
  })
})
