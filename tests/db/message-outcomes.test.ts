import { eq } from 'drizzle-orm'
import { afterAll, describe, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { listAuditEventsOf } from '#db/queries/message-details'
import { listReports } from '#db/queries/reports'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue } from '#db/schema/lanes'
import { requests } from '#db/schema/requests'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { callDoor, doorDeps, openApplicationDoor, openChannelDoor } from '#tests/support/door'
import { claim } from '#tests/support/engine'
import { type Channel, createConversation, createMessage } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
let announced = 0
const deps = doorDeps(db, { defer: () => announced++ })
afterAll(database.close)

type Door = { channel: Channel; bearer: string }

const postStatus = (door: Door, body: unknown) => callDoor(deps, door, { path: 'status', body })

/** A reply that the provider took, with the id that it gave. */
async function reply(door: Door, more: Parameters<typeof createMessage>[2] = {}) {
  const conversation = await createConversation(db, door.channel.id, { reference: 'pb-1', contactHandle: 'ada' })
  const ids = { externalId: 'sms-1', keys: { provider_answer: 'sms-1' } }
  return createMessage(db, conversation, {
    direction: 'outbound',
    body: 'On its way',
    reference: 'pb-1',
    ...ids,
    ...more,
  })
}

async function deliveryOf(id: string) {
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, id))
  return delivery
}

const requestsOf = ({ channel }: Door) => db.select().from(requests).where(eq(requests.channelId, channel.id))
const auditOf = async (id: string) => (await listAuditEventsOf(db, id)).map(({ actor, action }) => `${actor} ${action}`)

describe('a message that bounces', () => {
  test('is failed, and Front is told why', async () => {
    const door = await openApplicationDoor(db)
    const { id } = await reply(door)
    announced = 0
    const answer = await postStatus(door, { external_id: 'sms-1', status: 'failed', reason: 'No such number' })

    expect(answer).toMatchObject({ status: 202, json: { status: 'accepted', id, changed: true } })
    expect(await deliveryOf(id)).toMatchObject({
      status: 'failed',
      lastErrorClass: 'bounced',
      lastError: 'No such number',
      endedAt: expect.any(Date),
      reportedAt: expect.any(Date),
    })
    const reason = 'Reported as not delivered. No such number'
    expect(await listReports(db, { subjectId: id })).toMatchObject([
      {
        kind: 'failed',
        payload: { conversation: 'pb-1', message: id, reason },
        status: 'pending',
        createdBy: 'provider',
      },
    ])
    expect(await auditOf(id)).toEqual(['provider delivery.bounce'])
    expect(announced).toBe(1)
  })

  test('twice, by either id and also at once, is told once and kept as a repeat', async () => {
    const door = await openApplicationDoor(db)
    const { id } = await reply(door)
    const bounce = { external_id: 'sms-1', status: 'failed' }
    const answers = await Promise.all(
      [bounce, bounce, bounce, { message_id: id, status: 'failed' }].map((body) => postStatus(door, body)),
    )

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202])
    expect(answers.filter(({ json }) => json.changed)).toHaveLength(1)
    expect(await listReports(db, { subjectId: id })).toHaveLength(1)
    expect(await requestsOf(door)).toMatchObject(Array(3).fill({ code: 'duplicate', messageId: id }))
  })

  test('on a custom channel becomes an internal comment', async () => {
    const door = await openChannelDoor(db)
    const { id } = await reply(door)
    await postStatus(door, { message_id: id, status: 'failed', reason: 'Mailbox full' })
    expect(await listReports(db, { subjectId: id })).toMatchObject([
      {
        kind: 'comment',
        payload: { body: expect.stringMatching(/did not reach the customer.*Mailbox full\s+> On its way/) },
      },
    ])
  })

  test('and had failed by our own count already is no news', async () => {
    const door = await openApplicationDoor(db)
    const { id } = await reply(door, {
      delivery: { status: 'failed', lastErrorClass: 'timeout_answer', reportedAt: new Date() },
    })
    expect((await postStatus(door, { message_id: id, status: 'failed' })).json.changed).toBe(false)
    expect(await deliveryOf(id)).toMatchObject({ lastErrorClass: 'timeout_answer' })
    expect(await listReports(db, { subjectId: id })).toEqual([])
  })

  test('while its answer was lost is not tried again, and the next one goes out', async () => {
    const door = await openApplicationDoor(db)
    const { id, ...first } = await reply(door, {
      delivery: { status: 'retrying', answerLost: true, attempts: 1, nextAttemptAt: new Date(Date.now() + 600_000) },
    })
    const place = { ...first, id: first.conversationId }
    const next = await createMessage(db, place, { direction: 'outbound', delivery: { status: 'pending' } })
    await postStatus(door, { message_id: id, status: 'failed' })

    expect(await deliveryOf(id)).toMatchObject({ status: 'failed', lastErrorClass: 'bounced', nextAttemptAt: null })
    const waiting = await db.select().from(laneQueue).where(eq(laneQueue.deliveryId, id))
    expect(waiting).toEqual([])
    const claimed = await claim(db)
    expect(claimed.map(({ deliveryId }) => deliveryId)).toContain(next.id)
  })

  test('after a person had it sent again is news again', async () => {
    const door = await openApplicationDoor(db)
    const { id } = await reply(door)
    await postStatus(door, { message_id: id, status: 'failed' })
    await retryDelivery(db, { deliveryId: id, requestedBy: 'mina@example.com', now: new Date() })
    expect((await postStatus(door, { message_id: id, status: 'failed' })).json.changed).toBe(false)
    await db.update(deliveries).set({ status: 'delivered', reportedAt: null }).where(eq(deliveries.id, id))
    expect((await postStatus(door, { message_id: id, status: 'failed' })).json.changed).toBe(true)
  })

  test('and was sent outside Front is told by the ids that Front has of it, and its own way to Front goes on', async () => {
    const door = await openApplicationDoor(db)
    const sent = await callDoor(deps, door, {
      path: 'sent',
      body: { to: { handle: 'ada' }, body: 'Hi', external_id: 's-1' },
    })
    const { id, conversation } = sent.json
    const [first, second] = [
      await postStatus(door, { external_id: 's-1', status: 'failed' }),
      await postStatus(door, { external_id: 's-1', status: 'failed' }),
    ]

    expect([first.json, second.json]).toMatchObject([
      { id, changed: true },
      { id, changed: false },
    ])
    expect(await listReports(db, { subjectId: id })).toMatchObject([
      { kind: 'failed', payload: { conversation: conversation.reference, message: id } },
    ])
    expect(await deliveryOf(id)).toMatchObject({
      status: 'pending',
      lastErrorClass: null,
      reportedAt: expect.any(Date),
    })
  })

  test('and was a test is failed without a word to Front', async () => {
    const door = await openApplicationDoor(db)
    const { id } = await reply(door, { isTest: true })
    expect((await postStatus(door, { message_id: id, status: 'failed' })).json.changed).toBe(true)
    expect(await deliveryOf(id)).toMatchObject({ status: 'failed', lastErrorClass: 'bounced' })
    expect(await listReports(db, { subjectId: id })).toEqual([])
  })
})

describe('a message that arrives after all', () => {
  test('is delivered, and Front is told when it had been told otherwise', async () => {
    const door = await openApplicationDoor(db)
    const { id } = await reply(door)
    await postStatus(door, { external_id: 'sms-1', status: 'failed' })
    const answers = [
      await postStatus(door, { external_id: 'sms-1', status: 'delivered' }),
      await postStatus(door, { external_id: 'sms-1', status: 'delivered' }),
    ]

    expect(answers.map(({ json }) => json.changed)).toEqual([true, false])
    expect(await deliveryOf(id)).toMatchObject({
      status: 'delivered',
      lastErrorClass: null,
      lastError: null,
      reportedAt: null,
    })
    const [newest, ...others] = await listReports(db, { subjectId: id })
    expect(newest).toMatchObject({ kind: 'comment', payload: { body: expect.stringContaining('after all') } })
    expect(others).toMatchObject([{ kind: 'failed' }])
    expect(await auditOf(id)).toEqual(['provider delivery.arrive', 'provider delivery.bounce'])
  })

  test('without Front knowing of a failure is delivered in silence', async () => {
    const door = await openApplicationDoor(db)
    const { id } = await reply(door, {
      delivery: { status: 'retrying', answerLost: true, attempts: 1, nextAttemptAt: new Date(Date.now() + 600_000) },
    })
    expect((await postStatus(door, { message_id: id, status: 'delivered' })).json.changed).toBe(true)
    expect(await deliveryOf(id)).toMatchObject({ status: 'delivered', answerLost: false })
    expect(await listReports(db, { subjectId: id })).toEqual([])
  })

  test('as every receipt says of what is delivered anyway, is no news and fills no log', async () => {
    const door = await openApplicationDoor(db)
    const { id } = await reply(door)
    expect(await postStatus(door, { message_id: id, status: 'delivered' })).toMatchObject({
      status: 202,
      json: { changed: false },
    })
    expect(await requestsOf(door)).toEqual([])
    expect(await auditOf(id)).toEqual([])
  })
})

describe('what cannot be so', () => {
  test('a message in the middle of being sent is asked for once more', async () => {
    const door = await openApplicationDoor(db)
    const { id } = await reply(door, { delivery: { status: 'pending' } })
    await claim(db)
    expect(await postStatus(door, { message_id: id, status: 'failed' })).toMatchObject({ status: 409 })
    expect(await postStatus(door, { message_id: id, status: 'delivered' })).toMatchObject({
      status: 202,
      json: { changed: false },
    })
    expect(await deliveryOf(id)).toMatchObject({ status: 'pending' })
  })

  for (const status of ['pending', 'discarded'] as const) {
    test(`a message that is ${status} neither bounces nor arrives`, async () => {
      const door = await openApplicationDoor(db)
      const { id } = await reply(door, { delivery: { status } })
      for (const told of ['failed', 'delivered']) {
        expect(await postStatus(door, { message_id: id, status: told })).toMatchObject({
          status: 409,
          json: { error: { code: 'conflict' } },
        })
      }
      expect(await deliveryOf(id)).toMatchObject({ status })
    })
  }

  test('what a customer wrote, another channel’s message and an unknown one are not found', async () => {
    const door = await openApplicationDoor(db)
    const incoming = await reply(door, { direction: 'inbound', keys: { provider: 'm-1' }, externalId: 'm-1' })
    const foreign = await reply(await openApplicationDoor(db))
    for (const named of [
      { message_id: incoming.id },
      { external_id: 'm-1' },
      { message_id: foreign.id },
      { external_id: 'sms-1' },
      { message_id: newId() },
      { message_id: 'x' },
    ]) {
      expect(await postStatus(door, { ...named, status: 'failed' })).toMatchObject({
        status: 404,
        json: { error: { code: 'not_found' } },
      })
    }
    expect(await requestsOf(door)).toHaveLength(6)
  })
})
