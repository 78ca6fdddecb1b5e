import { asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { channels } from '#db/schema/channels'
import { conversations, frontConversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { signApplication, signCustom } from '#lib/front/signature'
import { API_SECRET, doorDeps, frontReply, openChannelDoor, postIncoming, postOutgoing } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

type Door = Awaited<ReturnType<typeof openChannelDoor>>

const messagesOf = (channelId: string) =>
  db.select().from(messages).where(eq(messages.channelId, channelId)).orderBy(asc(messages.id))
const requestsOf = (channelId: string) =>
  db.select().from(requests).where(eq(requests.channelId, channelId)).orderBy(asc(requests.id))

/** A reply in a Front conversation of its own, so that only what the test adds can lead anywhere. */
const linked = (related: Record<string, string>) => ({ _links: { related } })
const FRONT_CONVERSATION = 'https://api2.frontapp.com/conversations/cnv_1'

async function inbound(door: Door, more: Record<string, unknown> = {}) {
  const answer = await postIncoming(deps, door, { sender: { handle: 'ada' }, body: 'Hi', ...more })
  const [message] = await db.select().from(messages).where(eq(messages.id, answer.json.id))
  if (!message) throw new Error('Nothing was stored.')
  return message
}

const replyOf = async (id: string) => (await db.select().from(messages).where(eq(messages.id, id)))[0]

test('a reply is stored with its author, text, recipients and files, and waits for the provider', async () => {
  const door = await openChannelDoor(db)
  const file = {
    id: 'fil_1',
    filename: 'a.pdf',
    url: 'https://api2.frontapp.com/download/fil_1',
    content_type: 'application/pdf',
    size: 9,
  }
  const answer = await postOutgoing(deps, door, frontReply({ attachments: [file] }))

  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({ status: 'accepted', id: expect.any(String), duplicate: false })
  expect(await replyOf(answer.json.id)).toMatchObject({
    direction: 'outbound',
    contactHandle: 'ada',
    contactName: 'Ada',
    author: { id: 'tea_1', name: 'Leela T', email: 'leela@example.com' },
    recipients: [
      { handle: 'support', role: 'from' },
      { handle: 'ada', role: 'to' },
    ],
    body: '<p>Hello <b>Ada</b></p>',
    bodyFormat: 'html',
    bodyText: 'Hello Ada',
    attachments: [{ frontId: 'fil_1', filename: 'a.pdf', contentType: 'application/pdf', size: 9 }],
    frontMessageId: 'msg_1',
    messageUid: 'uid_1',
    frontConversationId: 'cnv_1',
    signatureVariant: 'sha1_raw',
    sentAt: new Date(1_453_770_984_123),
    startsConversation: true,
  })
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, answer.json.id))
  expect(delivery).toMatchObject({ direction: 'outbound', status: 'pending' })
})

test('Front’s message id makes a reply once only, also for twenty posts at once', async () => {
  const door = await openChannelDoor(db)
  const answers = await Promise.all(Array.from({ length: 20 }, () => postOutgoing(deps, door, frontReply())))

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(answers.filter(({ json }) => !json.duplicate)).toHaveLength(1)
  expect(await messagesOf(door.channel.id)).toHaveLength(1)
  const kept = await requestsOf(door.channel.id)
  expect(kept).toHaveLength(19)
  expect(kept[0]).toMatchObject({
    status: 200,
    code: 'duplicate',
    direction: 'outbound',
    messageId: answers[0]?.json.id,
  })
})

test('twenty replies of one new Front conversation at once share one conversation', async () => {
  const door = await openChannelDoor(db, { threading: { type: 'each' } })
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      postOutgoing(deps, door, frontReply({ id: `msg_${n}`, message_uid: `u${n}` })),
    ),
  )

  expect(answers.every(({ status }) => status === 200)).toBe(true)
  const stored = await messagesOf(door.channel.id)
  expect(stored).toHaveLength(20)
  expect(new Set(stored.map(({ conversationId }) => conversationId)).size).toBe(1)
})

test('a reply finds its conversation by Front’s conversation', async () => {
  const door = await openChannelDoor(db, { threading: { type: 'each' } })
  const { conversationId } = await inbound(door)
  await db
    .insert(frontConversations)
    .values({ channelId: door.channel.id, frontConversationId: 'cnv_1', conversationId })
  const answer = await postOutgoing(deps, door, frontReply())
  expect(await replyOf(answer.json.id)).toMatchObject({ conversationId, startsConversation: false })
})

test('a reply finds its conversation by the message it answers', async () => {
  const door = await openChannelDoor(db, { threading: { type: 'each' } })
  const { conversationId, id } = await inbound(door)
  await db.insert(messageKeys).values({ channelId: door.channel.id, kind: 'front', value: 'msg_0', messageId: id })
  const related = {
    conversation: FRONT_CONVERSATION,
    message_replied_to: 'https://api2.frontapp.com/messages/msg_0?q=1',
  }
  const answer = await postOutgoing(deps, door, frontReply(linked(related)))

  expect(await replyOf(answer.json.id)).toMatchObject({ conversationId })
  const mapped = await db.select().from(frontConversations).where(eq(frontConversations.channelId, door.channel.id))
  expect(mapped).toMatchObject([{ frontConversationId: 'cnv_1', conversationId }])
})

test('a reply finds its conversation by its reference, and by our own id in its headers', async () => {
  const door = await openChannelDoor(db, { threading: { type: 'provider' } })
  const one = await inbound(door, { metadata: { thread_ref: 'order-1' } })
  const two = await inbound(door, { metadata: { thread_ref: 'order-2' } })
  const byReference = await postOutgoing(deps, door, frontReply({ ...linked({}), metadata: { thread_ref: 'order-1' } }))
  const headers = { patchbay_message_id: two.id }
  const byId = await postOutgoing(
    deps,
    door,
    frontReply({ ...linked({}), id: 'msg_2', message_uid: 'u2', metadata: { headers } }),
  )

  expect(await replyOf(byReference.json.id)).toMatchObject({ conversationId: one.conversationId })
  expect(await replyOf(byId.json.id)).toMatchObject({ conversationId: two.conversationId })
})

test('nothing of another channel leads a reply astray', async () => {
  const [door, other] = [await openChannelDoor(db), await openChannelDoor(db)]
  const { conversationId, id } = await inbound(other, { sender: { handle: 'eve' } })
  await db
    .insert(frontConversations)
    .values({ channelId: other.channel.id, frontConversationId: 'cnv_1', conversationId })
  const answer = await postOutgoing(deps, door, frontReply({ metadata: { headers: { patchbay_message_id: id } } }))
  expect((await replyOf(answer.json.id))?.conversationId).not.toBe(conversationId)
})

test('a teammate’s first message and the customer’s answer are one conversation where the rule goes by sender', async () => {
  const door = await openChannelDoor(db, {
    contactType: 'phone',
    threading: { type: 'session', hours: 24, from: 'last_message' },
  })
  const recipients = [{ handle: '+33612345678', role: 'to', name: null }]
  const answer = await postOutgoing(deps, door, frontReply({ recipients }))
  const written = await inbound(door, { sender: { handle: '+33 6 12 34 56 78' } })
  expect((await replyOf(answer.json.id))?.conversationId).toBe(written.conversationId)
})

test('a message that we brought to Front ourselves does not go back to the provider', async () => {
  const door = await openChannelDoor(db)
  const { id } = await inbound(door)
  await db.insert(messageKeys).values({ channelId: door.channel.id, kind: 'uid', value: 'uid_1', messageId: id })
  const answer = await postOutgoing(deps, door, frontReply())

  expect(answer).toMatchObject({ status: 200, json: { id, duplicate: true } })
  expect(await messagesOf(door.channel.id)).toHaveLength(1)
  expect(await requestsOf(door.channel.id)).toMatchObject([{ code: 'echo', messageId: id }])
})

test('the signature variant that Front uses is noted on the channel', async () => {
  const door = await openChannelDoor(db)
  const body = JSON.stringify(frontReply())
  const timestamp = String(Date.now())
  const headers = {
    'x-front-signature': signApplication(body, timestamp, API_SECRET),
    'x-front-request-timestamp': timestamp,
  }
  await postOutgoing(deps, door, body, headers)
  const [channel] = await db.select().from(channels).where(eq(channels.id, door.channel.id))
  expect(channel?.signatureVariant).toBe('sha256_timestamp_raw')
})

type Case = {
  status: number
  code: string
  said?: string
  channel?: Parameters<typeof openChannelDoor>[1]
  message?: unknown
  headers?: Record<string, string>
}

const refusals: Record<string, Case> = {
  'without a signature': {
    status: 401,
    code: 'bad_signature',
    said: 'no X-Front-Signature',
    headers: { 'x-front-signature': '' },
  },
  'with a signature of another secret': {
    status: 401,
    code: 'bad_signature',
    said: 'does not match',
    headers: { 'x-front-signature': signCustom(JSON.stringify(frontReply()), 'another') },
  },
  'of a company whose secret we do not have': {
    status: 401,
    code: 'bad_signature',
    said: 'no API secret',
    channel: { withoutApiSecret: true },
  },
  'to a receive-only channel': { status: 422, code: 'receive_only', channel: { receiveOnly: true } },
  'that is no JSON': { status: 400, code: 'bad_request', message: 'hello' },
  'that is no message': { status: 422, code: 'invalid_input', message: { type: 'message', payload: {} } },
  'for nobody': {
    status: 422,
    code: 'invalid_input',
    message: frontReply({ recipients: [{ handle: 'support', role: 'from' }] }),
  },
}

for (const [what, { status, code, said, channel, message = frontReply(), headers = {} }] of Object.entries(refusals)) {
  test(`refuses a post ${what} with ${status} and keeps it with its reason`, async () => {
    const door = await openChannelDoor(db, channel)
    const answer = await postOutgoing(deps, door, message, headers)

    expect(answer.status).toBe(status)
    expect(answer.json.error.code).toBe(code)
    if (said) expect(answer.json.error.message).not.toContain(said)
    const kept = await requestsOf(door.channel.id)
    expect(kept).toMatchObject([{ status, code, direction: 'outbound', message: expect.stringContaining(said ?? '') }])
    expect(await messagesOf(door.channel.id)).toEqual([])
  })
}

test('a reply that a receive-only channel refused is kept with its text', async () => {
  const door = await openChannelDoor(db, { receiveOnly: true })
  const text = 'long '.repeat(2000)
  await postOutgoing(deps, door, frontReply({ body: text, text }))
  const [kept] = await requestsOf(door.channel.id)
  expect(JSON.parse(kept?.bodyExcerpt ?? '')).toMatchObject({ text })
})

test('conversations of a reply keep the newest Front id and all of them', async () => {
  const door = await openChannelDoor(db)
  await postOutgoing(deps, door, frontReply())
  const related = { conversation: 'https://api2.frontapp.com/conversations/cnv_2' }
  await postOutgoing(deps, door, frontReply({ ...linked(related), id: 'msg_2', message_uid: 'u2' }))
  const [conversation, ...others] = await db
    .select()
    .from(conversations)
    .where(eq(conversations.channelId, door.channel.id))

  expect(others).toEqual([])
  expect(conversation?.frontConversationId).toBe('cnv_2')
  const mapped = await db.select().from(frontConversations).where(eq(frontConversations.channelId, door.channel.id))
  expect(mapped.map((one) => one.frontConversationId).sort()).toEqual(['cnv_1', 'cnv_2'])
})
