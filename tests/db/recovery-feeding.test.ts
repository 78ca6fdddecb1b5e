import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { settleDeliveries } from '#db/queries/settle'
import { auditEvents } from '#db/schema/audit-events'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'
import { discardDelivery } from '#lib/flows/discard-delivery'
import { feedRecoveries } from '#lib/flows/feed-recoveries'
import { claim, enqueue, passTime, settlement } from '#tests/support/engine'
import { createChannel, createConversation, createMessage } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'
import { actor, carryAll, dying, failMany, recovering } from '#tests/support/recovering'

const database = await testDatabase()
const { db } = database
const { start, step, read, states, notes, lookUp } = recovering(db)
afterAll(database.close)

const failed = { delivery: { status: 'failed' as const, attempts: 9, endedAt: new Date() } }
const reply = { direction: 'outbound' as const, ...failed }

beforeEach(async () => {
  await db.execute(sql`truncate recoveries, recovery_items, recovery_targets, lanes, lane_queue`)
})

async function begin(channelId: string, more: Parameters<typeof start>[1] = {}): Promise<string> {
  const id = await start({ channel: channelId }, more)
  await lookUp(id)
  return id
}

async function statusOf(id: string) {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id))
  return row
}

describe('what failed', () => {
  test('is sent again as one retry does it: by whom and why is kept, and it counts how it ends', async () => {
    const channel = await createChannel(db)
    const one = await createMessage(db, await createConversation(db, channel.id), reply)
    const two = await createMessage(db, await createConversation(db, channel.id), reply)
    const id = await begin(channel.id, { reason: 'The gateway was down.' })
    await step()
    expect(await read(id)).toMatchObject({ total: 2, waiting: 0, sending: 2, status: 'running' })
    expect(await statusOf(one.id)).toMatchObject({ status: 'pending', requestedBy: actor, endedAt: null })
    const events = await db.select().from(auditEvents).where(eq(auditEvents.subjectId, one.id))
    expect(events).toMatchObject([
      {
        actor,
        action: 'delivery.retry',
        details: { was: 'failed', attempts: 9, recovery: id, reason: 'The gateway was down.' },
      },
    ])
    const claims = await claim(db)
    await settleDeliveries(
      db,
      claims.map((one_) => settlement(one_, one_.deliveryId === two.id ? 'failed' : 'delivered', { advance: true })),
    )
    await step()
    expect(await read(id)).toMatchObject({
      delivered: 1,
      failed: 1,
      sending: 0,
      status: 'done',
      endedAt: expect.any(Date),
    })
    expect(await states(id)).toEqual(['delivered', 'failed'])
  })

  test('is followed through its retries', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 3)
    const id = await begin(channel.id)
    await step()
    const claims = await claim(db)
    await settleDeliveries(
      db,
      claims.map((one) => settlement(one, 'retrying')),
    )
    await step()
    expect(await read(id)).toMatchObject({ sending: 3, delivered: 0 })
    expect(await states(id)).toEqual(['retrying', 'retrying', 'retrying'])
    await passTime(db, 7_200_000)
    await carryAll(db)
    await db.execute(sql`update recovery_items set look_at = now()`)
    await step()
    expect(await read(id)).toMatchObject({ sending: 0, delivered: 3, status: 'done' })
  })

  test('is left to a person who discards it on its way, and the next of its conversation follows', async () => {
    const channel = await createChannel(db)
    const talk = await createConversation(db, channel.id)
    const [first, second] = [await createMessage(db, talk, reply), await createMessage(db, talk, reply)]
    const id = await begin(channel.id)
    await step()
    await discardDelivery(db, { deliveryId: first.id, by: 'mina@example.com', reason: 'Too late.', now: new Date() })
    await step()
    expect((await claim(db)).map(({ deliveryId }) => deliveryId)).toEqual([second.id])
    expect(await states(id)).toEqual(['skipped', 'sending'])
    expect(await notes(id)).toEqual(['Discarded by mina@example.com.', null])
  })

  test('starts anew at Front when it was accepted and never shown there', async () => {
    const channel = await createChannel(db)
    const lost = await createMessage(db, await createConversation(db, channel.id), { frontState: 'missing' })
    const id = await start({ channel: channel.id, status: 'attention' })
    await lookUp(id)
    await step()
    const [message] = await db.select().from(messages).where(eq(messages.id, lost.id))
    expect(message?.frontState).toBe('none')
    expect((await claim(db)).map(({ deliveryId }) => deliveryId)).toEqual([lost.id])
  })
})

describe('order', () => {
  test('of each conversation is kept, one message at a time, and fresh messages wait behind one at most', async () => {
    const channel = await createChannel(db)
    const talk = await createConversation(db, channel.id)
    const old: string[] = []
    for (let n = 0; n < 4; n += 1) old.push((await createMessage(db, talk, reply)).id)
    const id = await begin(channel.id)
    const sent: string[] = []
    const place = { channelId: channel.id, conversationId: talk.id, direction: 'outbound' as const }
    await step()
    const fresh = await enqueue(db, place)
    for (let n = 0; n < 8; n += 1) {
      sent.push(...(await carryAll(db)).map(({ deliveryId }) => deliveryId))
      await db.execute(sql`update recovery_items set look_at = now()`)
      await step()
    }
    expect(sent.filter((one) => one !== fresh)).toEqual(old)
    expect(sent.indexOf(fresh)).toBeLessThanOrEqual(1)
    expect(await read(id)).toMatchObject({ status: 'done', delivered: 4 })
  })

  test('nothing is put into a lane in which something else waits', async () => {
    const channel = await createChannel(db)
    const talk = await createConversation(db, channel.id)
    await createMessage(db, talk, reply)
    const id = await begin(channel.id)
    await enqueue(db, { channelId: channel.id, conversationId: talk.id, direction: 'outbound' })
    const [busy] = await claim(db)
    if (!busy) throw new Error('nothing was claimed')
    await settleDeliveries(db, [settlement(busy, 'retrying')])
    await step()
    expect(await states(id)).toEqual(['waiting'])
    await passTime(db, 7_200_000)
    await carryAll(db)
    await db.execute(sql`update recovery_items set look_at = now()`)
    await step()
    expect(await states(id)).toEqual(['sending'])
  })

  test('a failed message that holds its conversation goes first; the others follow once it has arrived', async () => {
    const channel = await createChannel(db, { failedHead: 'hold' })
    const talk = await createConversation(db, channel.id)
    const passed = await createMessage(db, talk, reply)
    const head = await createMessage(db, talk, { ...reply, queued: true })
    const id = await begin(channel.id)
    const sent: string[] = []
    for (let n = 0; n < 6; n += 1) {
      await db.execute(sql`update recovery_items set look_at = now()`)
      await step()
      sent.push(...(await carryAll(db)).map(({ deliveryId }) => deliveryId))
    }
    await step()
    expect(sent).toEqual([head.id, passed.id])
    expect(await read(id)).toMatchObject({ status: 'done', delivered: 2 })
  })

  test('where it fails again and the channel waits for a person, the rest of the conversation is left alone', async () => {
    const channel = await createChannel(db, { failedHead: 'hold' })
    const talk = await createConversation(db, channel.id)
    for (let n = 0; n < 4; n += 1) await createMessage(db, talk, reply)
    const id = await begin(channel.id)
    await step()
    const claims = await claim(db)
    expect(claims).toHaveLength(1)
    await settleDeliveries(
      db,
      claims.map((one) => settlement(one, 'failed')),
    )
    await step()
    await step()
    expect(await states(id)).toEqual(['failed', 'skipped', 'skipped', 'skipped'])
    expect((await notes(id))[2]).toMatch(/waits for a decision/)
    expect(await read(id)).toMatchObject({ status: 'done', failed: 1, skipped: 3 })
  })
})

test('what a person retried or discarded, what arrived and what is forgotten is skipped, and why', async () => {
  const channel = await createChannel(db)
  const made = []
  for (let n = 0; n < 5; n += 1) made.push(await createMessage(db, await createConversation(db, channel.id), reply))
  const [retried, discarded, arrived, gone] = made.map(({ id }) => id)
  const id = await begin(channel.id)
  await db.execute(sql`update deliveries set status = 'retrying' where id = ${retried}`)
  await db.execute(sql`update deliveries set status = 'discarded' where id = ${discarded}`)
  await db.execute(sql`update deliveries set status = 'delivered' where id = ${arrived}`)
  await db.execute(sql`delete from deliveries where id = ${gone}`)
  await step()
  expect(await states(id)).toEqual(['skipped', 'skipped', 'skipped', 'skipped', 'sending'])
  expect(await notes(id)).toEqual([
    'A person retried it meanwhile.',
    'A person discarded it meanwhile.',
    'It has arrived meanwhile.',
    'Its log is not kept any more.',
    null,
  ])
  expect(await read(id)).toMatchObject({ skipped: 4, sending: 1, waiting: 0 })
})

describe('a crash', () => {
  test('between feeding and the commit loses nothing and sends nothing twice', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 5)
    const id = await begin(channel.id)
    await expect(feedRecoveries(dying(db), new Date(Date.now() + 60_000))).rejects.toThrow('killed')
    expect(await read(id)).toMatchObject({ waiting: 5, sending: 0 })
    expect(await claim(db)).toEqual([])
    await step()
    expect(await read(id)).toMatchObject({ waiting: 0, sending: 5 })
    expect(await claim(db)).toHaveLength(5)
  })

  test('of a worker that has fed costs the recovery no message: another one goes on', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 30)
    const id = await begin(channel.id)
    await step()
    await claim(db)
    await passTime(db, 60_000)
    for (let n = 0; n < 6; n += 1) {
      await carryAll(db)
      await step()
    }
    expect(await read(id)).toMatchObject({ status: 'done', delivered: 30 })
  })
})

test('two feeders at once feed each message once', async () => {
  const channel = await createChannel(db)
  await failMany(db, channel.id, 60)
  const one = await begin(channel.id)
  const sent: string[] = []
  for (let n = 0; n < 12; n += 1) {
    await Promise.all([step(), step(), step()])
    sent.push(...(await carryAll(db)).map(({ deliveryId }) => deliveryId))
  }
  expect(new Set(sent).size).toBe(60)
  expect(sent).toHaveLength(60)
  expect(await read(one)).toMatchObject({ status: 'done', delivered: 60 })
})
