import { asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { conversationAliases, conversations } from '#db/schema/conversations'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { readSender } from '#lib/provider/sender'
import { call, doorDeps, openApplicationDoor, openChannelDoor, postIncoming } from '#tests/support/door'
import { createConversation, createMessage } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const HELLO = { sender: { handle: 'ada', name: 'Ada' }, body: 'Hello' }
const BY_PROVIDER = { threading: { type: 'provider' } }

async function messageOf(id: string) {
  const [message] = await db.select().from(messages).where(eq(messages.id, id))
  return message
}

const conversationsOf = (channelId: string) =>
  db.select().from(conversations).where(eq(conversations.channelId, channelId)).orderBy(asc(conversations.id))

test('by sender too, a conversation has a reference, which later messages share', async () => {
  const door = await openApplicationDoor(db)
  const first = await postIncoming(deps, door, HELLO)
  const second = await postIncoming(deps, door, HELLO)

  expect(first.status).toBe(202)
  expect(first.json.conversation).toEqual({ key: 'ada', reference: expect.stringMatching(/^pb-/), is_new: true })
  expect(second.json.conversation).toEqual({ ...first.json.conversation, is_new: false })
})

test('the body of Front’s own sync call is taken as it is', async () => {
  const door = await openApplicationDoor(db, BY_PROVIDER)
  const earlier = await postIncoming(deps, door, { ...HELLO, external_id: 'm-1', conversation_key: 'c-1' })
  const body = {
    sender: { handle: 'ada', name: 'Ada', email: 'ada@example.com' },
    subject: 'An order',
    body: '<p>Hello <b>again</b></p>',
    metadata: { external_id: 'm-2', external_conversation_id: 'c-1', referenced_message_external_id: 'm-1' },
    delivered_at: 1_763_726_400,
  }
  const answer = await postIncoming(deps, door, body)
  const again = await postIncoming(deps, door, body)

  expect(answer.json.conversation).toEqual({ key: 'c-1', reference: 'c-1', is_new: false })
  expect(again.json).toEqual({ ...answer.json, duplicate: true })
  const message = await messageOf(answer.json.id)
  expect(message).toMatchObject({
    kind: 'message',
    externalId: 'm-2',
    reference: 'c-1',
    body: body.body,
    bodyFormat: 'html',
    bodyText: 'Hello again',
    sentAt: new Date('2025-11-21T12:00:00Z'),
    referencedMessageId: earlier.json.id,
  })
  expect(readSender(message?.raw)).toEqual({ contactId: null, email: 'ada@example.com' })
})

test('Front’s sync call as a form brings its files', async () => {
  const door = await openApplicationDoor(db, BY_PROVIDER)
  const form = new FormData()
  form.append('sender[handle]', 'ada')
  form.append('body', 'See the picture')
  form.append('metadata[external_id]', 'm-1')
  form.append('metadata[external_conversation_id]', 'c-1')
  form.append('delivered_at', '1763726400')
  form.append('attachments[0]', new Blob(['x'], { type: 'image/png' }), 'a.png')
  const answer = await call(deps, `/api/channels/${door.channel.key}/incoming`, {
    headers: { authorization: `Bearer ${door.bearer}` },
    body: form,
  })

  expect(answer.status).toBe(202)
  expect(await messageOf(answer.json.id)).toMatchObject({
    externalId: 'm-1',
    reference: 'c-1',
    sentAt: new Date('2025-11-21T12:00:00Z'),
    attachments: [{ filename: 'a.png' }],
  })
})

test('in our own names text stays text, and both names of one thing may stand side by side', async () => {
  const door = await openApplicationDoor(db, BY_PROVIDER)
  const names = { external_id: 'ours', conversation_key: 'order/42', sent_at: '2026-01-02T03:04:05Z' }
  const plain = await postIncoming(deps, door, { ...HELLO, ...names })
  const both = { ...names, external_id: 'other', metadata: { external_id: 'ignored', external_conversation_id: 'c-9' } }
  const second = await postIncoming(deps, door, { ...HELLO, ...both })

  expect(await messageOf(plain.json.id)).toMatchObject({ bodyFormat: 'text', sentAt: new Date(names.sent_at) })
  expect(plain.json.conversation.reference).toBe('order/42')
  expect(await messageOf(second.json.id)).toMatchObject({
    externalId: 'other',
    reference: plain.json.conversation.reference,
  })
})

test('a conversation is found by its reference, and by every other one that Front told for it', async () => {
  const door = await openApplicationDoor(db, BY_PROVIDER)
  const known = await createConversation(db, door.channel.id, { key: 'front 1', reference: 'pb-known' })
  await db
    .insert(conversationAliases)
    .values({ channelId: door.channel.id, reference: 'merged-in', conversationId: known.id })
  const byReference = await postIncoming(deps, door, { ...HELLO, conversation_key: 'pb-known' })
  const byAlias = await postIncoming(deps, door, { ...HELLO, conversation_key: 'merged-in' })

  for (const { json } of [byReference, byAlias]) {
    expect(json.conversation).toEqual({ key: 'front 1', reference: 'pb-known', is_new: false })
  }
  expect(await conversationsOf(door.channel.id)).toHaveLength(1)
})

test('a provider may answer by our id, by its own, and by the one it gave for a reply', async () => {
  const door = await openApplicationDoor(db)
  const conversation = await createConversation(db, door.channel.id)
  const reply = await createMessage(db, conversation, { direction: 'outbound', keys: { provider_answer: 'sms-7' } })
  const earlier = await postIncoming(deps, door, { ...HELLO, external_id: 'm-1' })
  const answered = async (in_reply_to: string) => {
    const { json } = await postIncoming(deps, door, { ...HELLO, in_reply_to })
    return (await messageOf(json.id))?.referencedMessageId
  }

  expect(await answered(earlier.json.id)).toBe(earlier.json.id)
  expect(await answered('m-1')).toBe(earlier.json.id)
  expect(await answered('sms-7')).toBe(reply.id)
})

test('an answer to what is not known here is taken, and its message says so', async () => {
  const door = await openApplicationDoor(db)
  const other = await createMessage(db, await createConversation(db, (await openApplicationDoor(db)).channel.id))
  for (const in_reply_to of ['nobody-knows', newId(), other.id]) {
    const { status, json } = await postIncoming(deps, door, { ...HELLO, in_reply_to })
    expect(status).toBe(202)
    expect(await messageOf(json.id)).toMatchObject({
      referencedMessageId: null,
      threadReason: expect.stringContaining(`It answers “${in_reply_to}”, which is not known here.`),
    })
  }
})

const refusals: Record<string, [Record<string, unknown>, string[]]> = {
  'an e-mail address that is none': [{ sender: { handle: 'ada', email: 'ada' } }, ['sender.email']],
  'a list in in_reply_to': [{ in_reply_to: ['m-1'] }, ['in_reply_to']],
  'a long in_reply_to': [{ in_reply_to: 'x'.repeat(201) }, ['in_reply_to']],
  'ids beyond Front’s 200 characters': [
    { metadata: { external_id: 'x'.repeat(201), external_conversation_id: 'y'.repeat(201) } },
    ['metadata.external_id', 'metadata.external_conversation_id'],
  ],
  'a word for a time': [{ delivered_at: 'soon' }, ['delivered_at']],
  'names that stand in the wrong place': [
    { external_conversation_id: 'c', thread_ref: 't', email: 'a@b.example', metadata: { in_reply_to: 'm' } },
    ['external_conversation_id', 'thread_ref', 'email', 'metadata.in_reply_to'],
  ],
  'a customer in to': [{ to: [{ handle: 'ada' }] }, ['to']],
  'a misspelt name in metadata': [{ metadata: { external_ids: 'm' } }, ['metadata.external_ids']],
}

for (const [what, [more, paths]] of Object.entries(refusals)) {
  test(`refuses ${what}, naming ${paths.join(', ')}`, async () => {
    const door = await openApplicationDoor(db)
    const { status, json } = await postIncoming(deps, door, { ...HELLO, ...more })

    expect(status).toBe(422)
    expect(json.error.details.map(({ path }: { path: string }) => path)).toEqual(paths)
    expect(await conversationsOf(door.channel.id)).toEqual([])
    const kept = await db.select().from(requests).where(eq(requests.channelId, door.channel.id))
    expect(kept).toMatchObject([{ status: 422, code: 'invalid_input' }])
  })
}

test('a provider that should name the conversation is told both names for it', async () => {
  const door = await openApplicationDoor(db, BY_PROVIDER)
  const { json } = await postIncoming(deps, door, HELLO)
  expect(json.error.details).toEqual([
    { path: 'conversation_key', message: 'is needed; metadata.external_conversation_id is understood too' },
  ])
})

test('a custom channel stays strict about names that have no effect there, and leaves an e-mail address unread', async () => {
  const door = await openChannelDoor(db)
  const { status, json } = await postIncoming(deps, door, { ...HELLO, delivered_at: 1, metadata: { external_id: 'm' } })
  expect(status).toBe(422)
  expect(json.error.details.map(({ path }: { path: string }) => path)).toEqual(['delivered_at', 'metadata.external_id'])
  const taken = await postIncoming(deps, door, {
    sender: { handle: 'ada', email: 'unknown' },
    body: 'x',
    in_reply_to: 'y',
  })
  expect(taken.status).toBe(202)
  expect((await messageOf(taken.json.id))?.referencedMessageId).toBeNull()
})
