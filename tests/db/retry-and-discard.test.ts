import { desc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { claimDeliveries } from '#db/queries/lanes'
import { settleDeliveries } from '#db/queries/settle'
import { auditEvents } from '#db/schema/audit-events'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import { messages } from '#db/schema/messages'
import { discardDelivery } from '#lib/flows/discard-delivery'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { settlement } from '#tests/support/engine'
import { type Conversation, createChannel, createConversation, createMessage } from '#tests/support/factories'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

let database: TestDatabase
const db = () => database.db
const now = new Date()
const later = new Date(now.getTime() + 3_600_000)
const by = 'sam@example.com'

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

async function conversation(options: Parameters<typeof createChannel>[1] = {}): Promise<Conversation> {
  const channel = await createChannel(db(), options)
  return createConversation(db(), channel.id)
}

async function deliveryOf(id: string) {
  const [row] = await db().select().from(deliveries).where(eq(deliveries.id, id))
  return row
}

async function laneOf(conversationId: string) {
  const [row] = await db().select().from(lanes).where(eq(lanes.conversationId, conversationId))
  return row
}

/** Claims what is due in one conversation; other tests' lanes are left to them. */
async function claimOf(conversationId: string) {
  const claims = await claimDeliveries(db(), { token: newId(), batch: 500, leaseMs: 20_000 })
  return claims.filter((claim) => claim.conversationId === conversationId)
}

const retry = (deliveryId: string) => retryDelivery(db(), { deliveryId, requestedBy: by, now: new Date() })
const discard = (deliveryId: string) => discardDelivery(db(), { deliveryId, by, reason: 'Customer called.', now })
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'conflict', message: expect.stringMatching(message) })

describe('retry', () => {
  test('puts a failed message that others have passed at the end of its lane', async () => {
    const chat = await conversation()
    const failed = await createMessage(db(), chat, { delivery: { status: 'failed', attempts: 9, endedAt: now } })
    const waiting = await createMessage(db(), chat, { delivery: { status: 'retrying', nextAttemptAt: later } })
    expect(await retry(failed.id)).toBe('queued')
    expect(await deliveryOf(failed.id)).toMatchObject({
      status: 'pending',
      requestedBy: by,
      endedAt: null,
      attempts: 9,
    })
    const queue = await db()
      .select()
      .from(laneQueue)
      .where(eq(laneQueue.laneId, (await laneOf(chat.id))?.id ?? 0))
      .orderBy(laneQueue.seq)
    expect(queue.map((row) => row.deliveryId)).toEqual([waiting.id, failed.id])
  })

  test('makes a failed message that holds its lane due at once', async () => {
    const chat = await conversation()
    const failed = await createMessage(db(), chat, { delivery: { status: 'failed' }, queued: true })
    expect(await claimOf(chat.id)).toEqual([])
    expect(await retry(failed.id)).toBe('sent_now')
    expect(await claimOf(chat.id)).toMatchObject([{ deliveryId: failed.id, attempt: 1 }])
  })

  test('sends now what waits for its next attempt, with a fresh schedule', async () => {
    const chat = await conversation()
    const message = await createMessage(db(), chat, {
      delivery: { status: 'retrying', attempts: 3, nextAttemptAt: later },
    })
    expect(await retry(message.id)).toBe('sent_now')
    const [claim] = await claimOf(chat.id)
    expect(claim).toMatchObject({ deliveryId: message.id, attempt: 1 })
  })

  test('is refused while an attempt is under way', async () => {
    const chat = await conversation()
    const message = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    expect(await claimOf(chat.id)).toHaveLength(1)
    await expect(retry(message.id)).rejects.toEqual(refusal(/being sent right now/))
  })

  test('is refused for a message behind others', async () => {
    const chat = await conversation()
    await createMessage(db(), chat, { delivery: { status: 'retrying', nextAttemptAt: later } })
    const second = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    await expect(retry(second.id)).rejects.toEqual(refusal(/Earlier messages/))
  })

  test('is refused for a message that was delivered', async () => {
    const message = await createMessage(db(), await conversation())
    await expect(retry(message.id)).rejects.toEqual(refusal(/delivered already/))
  })

  test('is refused while the channel is paused', async () => {
    const chat = await conversation({ target: { heldSince: now } })
    const message = await createMessage(db(), chat, { delivery: { status: 'retrying', nextAttemptAt: later } })
    await expect(retry(message.id)).rejects.toEqual(refusal(/paused/))
  })

  test('sends a message again that never appeared in Front', async () => {
    const message = await createMessage(db(), await conversation(), { frontState: 'missing', messageUid: 'uid_gone' })
    expect(await retry(message.id)).toBe('queued')
    const [row] = await db().select().from(messages).where(eq(messages.id, message.id))
    expect(row?.frontState).toBe('none')
  })

  test('takes back a discard', async () => {
    const chat = await conversation()
    const message = await createMessage(db(), chat, { delivery: { status: 'failed' } })
    await discard(message.id)
    expect(await retry(message.id)).toBe('queued')
    expect(await deliveryOf(message.id)).toMatchObject({ status: 'pending', discardedBy: null, discardReason: null })
  })

  for (const [what, queued] of [
    ['passed', false],
    ['at the head of its lane', true],
  ] as const) {
    test(`clicked five times at once on a failed message ${what} sends once`, async () => {
      const chat = await conversation()
      const message = await createMessage(db(), chat, { delivery: { status: 'failed' }, queued })
      const clicks = await Promise.allSettled([1, 2, 3, 4, 5].map(() => retry(message.id)))
      expect(clicks.filter((click) => click.status === 'fulfilled')).toHaveLength(1)
      for (const click of clicks) {
        if (click.status === 'rejected') expect(click.reason).toMatchObject({ code: 'conflict' })
      }
      const claims = await claimOf(chat.id)
      expect(claims).toMatchObject([{ deliveryId: message.id }])
      await settleDeliveries(
        db(),
        claims.map((claim) => settlement(claim, 'delivered')),
      )
      expect(await claimOf(chat.id)).toEqual([])
    })
  }

  test('leaves a record of who asked', async () => {
    const message = await createMessage(db(), await conversation(), { delivery: { status: 'failed', attempts: 2 } })
    await retry(message.id)
    const [event] = await db()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.subjectId, message.id))
      .orderBy(desc(auditEvents.id))
    expect(event).toMatchObject({ actor: by, action: 'delivery.retry', details: { was: 'failed', attempts: 2 } })
  })

  test('of an unknown message is refused', async () => {
    await expect(retry(newId())).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('discard', () => {
  test('of a failed message that holds its lane lets the next one go', async () => {
    const chat = await conversation()
    const failed = await createMessage(db(), chat, { delivery: { status: 'failed' }, queued: true })
    const next = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    expect(await claimOf(chat.id)).toEqual([])
    await discard(failed.id)
    expect(await deliveryOf(failed.id)).toMatchObject({
      status: 'discarded',
      discardedBy: by,
      discardReason: 'Customer called.',
    })
    expect(await claimOf(chat.id)).toMatchObject([{ deliveryId: next.id }])
  })

  test('of a message that waits for its next attempt lets the next one go', async () => {
    const chat = await conversation()
    const first = await createMessage(db(), chat, { delivery: { status: 'retrying', nextAttemptAt: later } })
    const next = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    await discard(first.id)
    expect(await claimOf(chat.id)).toMatchObject([{ deliveryId: next.id }])
  })

  test('of a message behind others keeps its place as a gap', async () => {
    const chat = await conversation()
    const first = await createMessage(db(), chat, { delivery: { status: 'retrying', nextAttemptAt: later } })
    const second = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    await discard(second.id)
    expect(await deliveryOf(second.id)).toMatchObject({ status: 'discarded' })
    expect(await laneOf(chat.id)).toMatchObject({ headSeq: 1, lastSeq: 2, dueAt: later })
    expect(await deliveryOf(first.id)).toMatchObject({ status: 'retrying' })
  })

  test('of the head of a worker that died leaves nothing of its lease to the next message', async () => {
    const chat = await conversation()
    const first = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    const next = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    await claimOf(chat.id)
    await db()
      .update(lanes)
      .set({ dueAt: new Date(Date.now() - 60_000) })
      .where(eq(lanes.conversationId, chat.id))
    await discard(first.id)
    expect(await claimOf(chat.id)).toMatchObject([{ deliveryId: next.id, recovered: false }])
  })

  test('is refused while an attempt is under way, and once it has ended well', async () => {
    const chat = await conversation()
    const message = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    const claims = await claimOf(chat.id)
    await expect(discard(message.id)).rejects.toEqual(refusal(/being sent right now/))
    await settleDeliveries(
      db(),
      claims.map((claim) => settlement(claim, 'delivered')),
    )
    await expect(discard(message.id)).rejects.toEqual(refusal(/delivered already/))
  })

  test('twice is refused the second time', async () => {
    const message = await createMessage(db(), await conversation(), { delivery: { status: 'failed' } })
    await discard(message.id)
    await expect(discard(message.id)).rejects.toEqual(refusal(/discarded already/))
  })
})
