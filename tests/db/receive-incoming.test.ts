import { createHmac } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { conversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { files } from '#db/schema/files'
import { laneQueue } from '#db/schema/lanes'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { signWebhook } from '#lib/provider/signature'
import { addKey, call, doorDeps, openChannelDoor, postIncoming } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const HELLO = { sender: { handle: 'ada', name: 'Ada' }, body: 'Hello *there*' }

const messagesOf = (channelId: string) =>
  db.select().from(messages).where(eq(messages.channelId, channelId)).orderBy(asc(messages.id))
const requestsOf = (channelId: string) =>
  db.select().from(requests).where(eq(requests.channelId, channelId)).orderBy(asc(requests.id))
const conversationsOf = (channelId: string) =>
  db.select().from(conversations).where(eq(conversations.channelId, channelId)).orderBy(asc(conversations.id))

test('a message is stored with its conversation and its delivery before the 202', async () => {
  const door = await openChannelDoor(db)
  const answer = await postIncoming(deps, door, { ...HELLO, external_id: 'e1', sent_at: '2026-01-02T03:04:05+01:00' })

  expect(answer.status).toBe(202)
  expect(answer.json).toEqual({
    status: 'accepted',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    message_uid: null,
    conversation: { key: 'ada', reference: null, is_new: true },
    duplicate: false,
  })
  const [message] = await messagesOf(door.channel.id)
  expect(message).toMatchObject({
    id: answer.json.id,
    direction: 'inbound',
    externalId: 'e1',
    contactHandle: 'ada',
    contactName: 'Ada',
    body: 'Hello *there*',
    startsConversation: true,
    frontState: 'none',
    sentAt: new Date('2026-01-02T02:04:05Z'),
    raw: expect.objectContaining({ external_id: 'e1' }),
  })
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, answer.json.id))
  expect(delivery).toMatchObject({ status: 'pending', direction: 'inbound', conversationId: message?.conversationId })
  const [waiting] = await db.select().from(laneQueue).where(eq(laneQueue.deliveryId, answer.json.id))
  expect(waiting).toBeDefined()
  expect(await requestsOf(door.channel.id)).toEqual([])
})

test('the next message of a conversation is not new and waits behind the first', async () => {
  const door = await openChannelDoor(db)
  const first = await postIncoming(deps, door, HELLO)
  const second = await postIncoming(deps, door, { ...HELLO, sender: { handle: 'ada', name: 'Ada B' } })

  expect(second.json.conversation).toEqual({ key: 'ada', reference: null, is_new: false })
  const [conversation, ...others] = await conversationsOf(door.channel.id)
  expect(others).toEqual([])
  expect(conversation?.contactName).toBe('Ada B')
  const queue = await db.select().from(laneQueue).orderBy(asc(laneQueue.laneId), asc(laneQueue.seq))
  const order = queue.map((one) => one.deliveryId).filter((id) => [first.json.id, second.json.id].includes(id))
  expect(order).toEqual([first.json.id, second.json.id])
})

test('the same message again gets the same answer, stores nothing new and is kept as a duplicate', async () => {
  const door = await openChannelDoor(db)
  const first = await postIncoming(deps, door, { ...HELLO, external_id: 'e1' })
  const reordered = { external_id: 'e1', body: HELLO.body, sender: { name: 'Ada', handle: 'ada' } }
  const second = await postIncoming(deps, door, reordered)

  expect(second.status).toBe(202)
  expect(second.json).toEqual({ ...first.json, duplicate: true })
  expect(await messagesOf(door.channel.id)).toHaveLength(1)
  expect(await requestsOf(door.channel.id)).toMatchObject([
    { status: 202, code: 'duplicate', messageId: first.json.id },
  ])
})

test('the same id with another content is a conflict that names the message we have', async () => {
  const door = await openChannelDoor(db)
  const first = await postIncoming(deps, door, { ...HELLO, external_id: 'e1' })
  const other = await postIncoming(deps, door, { ...HELLO, body: 'Something else', external_id: 'e1' })

  expect(other.status).toBe(409)
  expect(other.json.error.code).toBe('conflict')
  expect(await messagesOf(door.channel.id)).toHaveLength(1)
  expect(await requestsOf(door.channel.id)).toMatchObject([{ status: 409, code: 'conflict', messageId: first.json.id }])
})

test('twenty identical calls at once make one message', async () => {
  const door = await openChannelDoor(db)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => postIncoming(deps, door, { ...HELLO, external_id: 'same' })),
  )

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
  expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
  expect(answers.filter(({ json }) => !json.duplicate)).toHaveLength(1)
  expect(await messagesOf(door.channel.id)).toHaveLength(1)
})

test('an Idempotency-Key, quoted or bare, does what external_id does', async () => {
  const door = await openChannelDoor(db)
  const first = await postIncoming(deps, door, HELLO, { 'idempotency-key': '"k1"' })
  const second = await postIncoming(deps, door, HELLO, { 'idempotency-key': 'k1' })

  expect(second.json).toEqual({ ...first.json, duplicate: true })
})

test('the same id in two channels is two messages', async () => {
  const [one, two] = [await openChannelDoor(db), await openChannelDoor(db)]
  const first = await postIncoming(deps, one, { ...HELLO, external_id: 'e1' })
  const second = await postIncoming(deps, two, { ...HELLO, external_id: 'e1' })

  expect(second.json.duplicate).toBe(false)
  expect(second.json.id).not.toBe(first.json.id)
})

for (const type of ['sender', 'session', 'single'] as const) {
  test(`twenty first messages at once make one conversation under the rule ${type}`, async () => {
    const threading = type === 'session' ? { type, hours: 24, from: 'last_message' } : { type }
    const door = await openChannelDoor(db, { threading })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => postIncoming(deps, door, { ...HELLO, external_id: `e${n}` })),
    )

    expect(new Set(answers.map(({ json }) => json.conversation.key)).size).toBe(1)
    expect(answers.filter(({ json }) => json.conversation.is_new)).toHaveLength(1)
    expect(await conversationsOf(door.channel.id)).toHaveLength(1)
    expect(await messagesOf(door.channel.id)).toHaveLength(20)
  })
}

test('a session ends after its hours of silence', async () => {
  const door = await openChannelDoor(db, { threading: { type: 'session', hours: 24, from: 'last_message' } })
  const first = await postIncoming(deps, door, HELLO)
  const within = await postIncoming({ ...deps, now: () => new Date(Date.now() + 23 * 3_600_000) }, door, HELLO)
  const after = await postIncoming({ ...deps, now: () => new Date(Date.now() + 25 * 3_600_000) }, door, HELLO)

  expect(within.json.conversation).toMatchObject({ key: first.json.conversation.key, is_new: false })
  expect(after.json.conversation.is_new).toBe(true)
  expect(after.json.conversation.key).not.toBe(first.json.conversation.key)
})

test('a Standard Webhooks signature opens the door, and its id makes the message once only', async () => {
  const { channel, signing } = await openChannelDoor(db)
  const body = JSON.stringify(HELLO)
  const signed = signWebhook({ id: 'call-1', body, secrets: [signing], now: new Date() })
  const send = () =>
    call(deps, `/api/channels/${channel.key}/incoming`, {
      headers: { ...signed, 'content-type': 'application/json' },
      body,
    })
  const [first, second] = [await send(), await send()]

  expect(first.status).toBe(202)
  expect(second.json).toEqual({ ...first.json, duplicate: true })
})

test('an earlier key opens until its overlap ends', async () => {
  const door = await openChannelDoor(db)
  const leaving = await addKey(db, door.channel, 'incoming', new Date(Date.now() + 60_000))
  const ended = await addKey(db, door.channel, 'incoming', new Date(Date.now() - 1000))

  expect((await postIncoming(deps, { ...door, bearer: leaving }, HELLO)).status).toBe(202)
  expect((await postIncoming(deps, { ...door, bearer: ended }, HELLO)).status).toBe(401)
})

test('files come as a form and keep name, type, bytes and order', async () => {
  const door = await openChannelDoor(db)
  const send = () => {
    const form = new FormData()
    form.append('sender[handle]', 'ada')
    form.append('metadata[headers][order]', '42')
    form.append('external_id', 'with-files')
    form.append('attachments[1]', new Blob(['two'], { type: 'text/plain' }), 'two.txt')
    form.append('attachments[0]', new Blob([Buffer.from([0, 255, 1])], { type: 'image/png' }), '../pic\u0000.png')
    return call(deps, `/api/channels/${door.channel.key}/incoming`, {
      headers: { authorization: `Bearer ${door.bearer}` },
      body: form,
    })
  }
  const [first, again] = [await send(), await send()]

  expect(first.status).toBe(202)
  expect(again.json).toEqual({ ...first.json, duplicate: true })
  const [message] = await messagesOf(door.channel.id)
  expect(message?.headers).toEqual({ order: '42' })
  expect(message?.attachments).toMatchObject([
    { filename: 'pic.png', contentType: 'image/png', size: 3 },
    { filename: 'two.txt', contentType: 'text/plain', size: 3 },
  ])
  const stored = await db.select().from(files).where(eq(files.messageId, first.json.id)).orderBy(asc(files.id))
  expect(stored.map(({ bytes }) => [...bytes])).toEqual([[0, 255, 1], [...Buffer.from('two')]])
  const all = await db.select({ messageId: files.messageId }).from(files)
  expect(all.filter(({ messageId }) => messageId !== first.json.id)).toEqual([])
})

test('a signature covers a form with binary files as it does JSON', async () => {
  const { channel, signing } = await openChannelDoor(db)
  const form = new FormData()
  form.append('sender[handle]', 'ada')
  form.append('attachments[0]', new Blob([Buffer.from([0, 255, 254, 128])]), 'raw.bin')
  const encoded = new Response(form)
  const contentType = encoded.headers.get('content-type') ?? ''
  const body = Buffer.from(await encoded.arrayBuffer())
  const timestamp = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(signing.slice('whsec_'.length), 'base64')
  const digest = createHmac('sha256', key).update(`form-1.${timestamp}.`).update(body).digest('base64')
  const signed = { 'webhook-id': 'form-1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${digest}` }
  const send = (bytes: Buffer<ArrayBuffer>) =>
    call(deps, `/api/channels/${channel.key}/incoming`, {
      headers: { ...signed, 'content-type': contentType },
      body: bytes,
    })
  const changed = Buffer.from(body)
  changed[changed.indexOf(254)] = 253

  expect((await send(body)).status).toBe(202)
  expect((await send(changed)).status).toBe(401)
})

test('a phone channel writes numbers as E.164, so that one person is one conversation', async () => {
  const door = await openChannelDoor(db, { contactType: 'phone', defaultCountry: 'FR' })
  const first = await postIncoming(deps, door, { sender: { handle: '06 12 34 56 78' }, body: 'x' })
  const second = await postIncoming(deps, door, { sender: { handle: '+33612345678' }, body: 'y' })

  expect(first.json.conversation.key).toBe('+33612345678')
  expect(second.json.conversation.is_new).toBe(false)
})

test('texts that Postgres cannot hold, and keys that reach for prototypes, do no harm', async () => {
  const door = await openChannelDoor(db)
  const hostile =
    '{"sender":{"handle":"a\\u0000da"},"body":"x\\u0000y \\ud800 z","metadata":{"headers":{"__proto__":{"polluted":1},"k\\u0000":"v\\u0000"}},"__proto__":{"polluted":1}}'
  const answer = await postIncoming(deps, door, hostile)

  expect(answer.status).toBe(202)
  const [message] = await messagesOf(door.channel.id)
  expect(message).toMatchObject({ contactHandle: 'ada', body: 'xy \ufffd z', headers: { k: 'v' } })
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})

test('a paused channel still takes messages in', async () => {
  const door = await openChannelDoor(db, { pausedAt: new Date(), target: { heldSince: new Date() } })
  expect((await postIncoming(deps, door, HELLO)).status).toBe(202)
})
