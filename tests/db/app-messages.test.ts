import { asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { channels } from '#db/schema/channels'
import { conversationAliases, conversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { targets } from '#db/schema/targets'
import { setChannelStatus } from '#lib/flows/set-channel-status'
import { authorization, autoreplyEvent, callApp, connectedApp, messageEvent } from '#tests/support/app-door'
import { addKey, doorDeps, postIncoming } from '#tests/support/door'
import { createConversation, createMessage } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const messagesOf = (channelId: string) =>
  db.select().from(messages).where(eq(messages.channelId, channelId)).orderBy(asc(messages.id))
const messageOf = async (id: string) => (await db.select().from(messages).where(eq(messages.id, id)))[0]
const requestsOf = (channelId: string) =>
  db.select().from(requests).where(eq(requests.channelId, channelId)).orderBy(asc(requests.id))
const aliasesOf = (conversationId: string) =>
  db.select().from(conversationAliases).where(eq(conversationAliases.conversationId, conversationId))

const link = (kind: string, id: string) => `https://acme.api.frontapp.com/${kind}/${id}`
const noLinks = { _links: {} }

test('a message is stored and then answered with the ids of our message and of its conversation', async () => {
  const front = await connectedApp(db, deps)
  const event = messageEvent()
  const answer = await callApp(deps, front, event)

  const [message] = await messagesOf(front.channel.id)
  expect(answer.json).toEqual({
    type: 'success',
    external_id: message?.id,
    external_conversation_id: expect.stringMatching(/^pb-[0-9a-f]{32}$/),
  })
  expect(message).toMatchObject({
    direction: 'outbound',
    kind: 'message',
    contactHandle: 'ada',
    author: { name: 'Leela T' },
    frontMessageId: event.payload.id,
    reference: answer.json.external_conversation_id,
    raw: event.payload,
    signatureVariant: 'sha256_timestamp_raw',
  })
  const [delivery] = await db
    .select()
    .from(deliveries)
    .where(eq(deliveries.id, message?.id ?? ''))
  expect(delivery).toMatchObject({ direction: 'outbound', status: 'pending' })
})

test('the customer’s answer to a message that a teammate began carries the reference that Front was told', async () => {
  const front = await connectedApp(db, deps)
  const sent = await callApp(deps, front, messageEvent())
  const bearer = await addKey(db, front.channel, 'incoming')
  const back = await postIncoming(
    deps,
    { ...front, bearer },
    { sender: { handle: 'ada' }, body: 'Thanks', external_id: 'e' },
  )
  expect(back.json.conversation.reference).toBe(sent.json.external_conversation_id)
})

test('twenty posts of one message at once store it once and all get the same answer', async () => {
  const front = await connectedApp(db, deps)
  const event = messageEvent()
  const answers = await Promise.all(Array.from({ length: 20 }, () => callApp(deps, front, event)))
  expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1)
  expect(answers[0]?.json.type).toBe('success')
  expect(await messagesOf(front.channel.id)).toHaveLength(1)
  expect((await requestsOf(front.channel.id)).map(({ code }) => code)).toEqual(Array(19).fill('duplicate'))
})

test('an external id that Front gives decides before everything else it tells', async () => {
  const front = await connectedApp(db, deps)
  const { id: channelId } = front.channel
  const [named, linked] = [
    await createConversation(db, channelId, { reference: 'ref-1' }),
    await createConversation(db, channelId, { reference: 'ref-2', frontConversationId: 'cnv_known' }),
  ]
  const links = { _links: { related: { conversation: link('conversations', 'cnv_known') } } }
  const metadata = { external_conversation_ids: ['nobody', 'ref-1', 'ref-2'] }
  const answer = await callApp(deps, front, messageEvent(links, metadata))
  expect(answer.json.external_conversation_id).toBe('ref-1')
  const message = await messageOf(answer.json.external_id)
  expect(message).toMatchObject({ conversationId: named.id })
  expect(message?.threadReason).toContain('metadata.external_conversation_ids holds this conversation’s reference')
  expect((await aliasesOf(named.id)).map(({ reference }) => reference).sort()).toEqual(['nobody', 'ref-2'])

  const byFront = await callApp(deps, front, messageEvent(links))
  expect(await messageOf(byFront.json.external_id)).toMatchObject({ conversationId: linked.id })
})

test('the single field that Front will give up is understood too, and shows as the one that carried the id', async () => {
  const front = await connectedApp(db, deps)
  await createConversation(db, front.channel.id, { reference: 'ref-1' })
  const answer = await callApp(deps, front, messageEvent({}, { external_conversation_id: 'ref-1' }))
  expect(answer.json.external_conversation_id).toBe('ref-1')
  expect((await messageOf(answer.json.external_id))?.threadReason).toContain('metadata.external_conversation_id holds')
})

test('a reference that Front told before leads to the conversation, whose own reference is the answer', async () => {
  const front = await connectedApp(db, deps)
  const { id: channelId } = front.channel
  const conversation = await createConversation(db, channelId, { reference: 'ref-1' })
  await db.insert(conversationAliases).values({ channelId, reference: 'merged', conversationId: conversation.id })
  const answer = await callApp(deps, front, messageEvent({}, { external_conversation_ids: ['merged'] }))
  expect(answer.json.external_conversation_id).toBe('ref-1')
})

test('a message finds its conversation by the message that it answers', async () => {
  const front = await connectedApp(db, deps)
  const conversation = await createConversation(db, front.channel.id, { reference: 'ref-1' })
  await createMessage(db, conversation, { keys: { front: 'msg_asked' } })
  const related = { message_replied_to: link('messages', 'msg_asked'), conversation: link('conversations', 'cnv_new') }
  const answer = await callApp(deps, front, messageEvent({ _links: { related } }))
  expect(answer.json.external_conversation_id).toBe('ref-1')
})

test('an unknown external id becomes the reference of the conversation that the rule gives, so that Front goes on with it', async () => {
  const front = await connectedApp(db, deps)
  const answer = await callApp(deps, front, messageEvent({}, { external_conversation_ids: ['from before', 'older'] }))
  expect(answer.json.external_conversation_id).toBe('from before')
  const bearer = await addKey(db, front.channel, 'incoming')
  const back = await postIncoming(
    deps,
    { ...front, bearer },
    { sender: { handle: 'ada' }, body: 'Hi', external_id: 'e' },
  )
  expect(back.json.conversation.reference).toBe('from before')
  const message = await messageOf(answer.json.external_id)
  expect(message?.threadReason).toContain(
    '“from before” in metadata.external_conversation_ids, which Patchbay did not know',
  )
  expect(await aliasesOf(message?.conversationId ?? '')).toMatchObject([{ reference: 'older' }])
})

test('an unknown external id beside a conversation of ours stays a conversation of its own', async () => {
  const front = await connectedApp(db, deps)
  const first = await callApp(deps, front, messageEvent())
  const second = await callApp(deps, front, messageEvent({}, { external_conversation_ids: ['other'] }))
  expect(second.json.external_conversation_id).toBe('other')
  const third = await callApp(deps, front, messageEvent(noLinks))
  expect(third.json.external_conversation_id).toBe(first.json.external_conversation_id)
})

test('messages at once under one unknown external id share its conversation, whomever they are for', async () => {
  const front = await connectedApp(db, deps)
  const metadata = { external_conversation_ids: ['new one'] }
  const to = (n: number) => ({ ...noLinks, recipients: [{ handle: `customer ${n % 5}`, role: 'to' }] })
  await Promise.all(Array.from({ length: 10 }, (_, n) => callApp(deps, front, messageEvent(to(n), metadata))))
  const stored = await messagesOf(front.channel.id)
  expect(stored).toHaveLength(10)
  expect(new Set(stored.map(({ conversationId }) => conversationId)).size).toBe(1)
})

test('a conversation that has no reference yet gets one before Front is answered', async () => {
  const front = await connectedApp(db, deps)
  const { id } = await createConversation(db, front.channel.id, { reference: null, frontConversationId: 'cnv_old' })
  const related = { conversation: link('conversations', 'cnv_old') }
  const answer = await callApp(deps, front, messageEvent({ _links: { related } }))
  expect(answer.json.external_conversation_id).toMatch(/^pb-/)
  const [conversation] = await db.select().from(conversations).where(eq(conversations.id, id))
  expect(conversation?.reference).toBe(answer.json.external_conversation_id)
  expect((await messageOf(answer.json.external_id))?.reference).toBe(conversation?.reference)
})

test('a message to several people goes to the first and keeps them all', async () => {
  const front = await connectedApp(db, deps)
  const recipients = [
    { handle: 'ada', role: 'to', name: 'Ada' },
    { handle: 'bob', role: 'to', name: null },
    { handle: 'eve', role: 'cc', name: null },
  ]
  const answer = await callApp(deps, front, messageEvent({ recipients }))
  expect(await messageOf(answer.json.external_id)).toMatchObject({ contactHandle: 'ada', recipients })
})

test('while a channel is offline its messages are taken and held', async () => {
  const front = await connectedApp(db, deps)
  const { id: channelId } = front.channel
  await setChannelStatus(db, { channelId, status: 'offline', reason: 'Key ended', by: 'rule', now: new Date() })
  const answer = await callApp(deps, front, messageEvent())
  expect(answer.json.type).toBe('success')
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, answer.json.external_id))
  expect(delivery).toMatchObject({ status: 'pending', direction: 'outbound' })
  const sides = await db.select().from(targets).where(eq(targets.channelId, channelId))
  expect(sides.find(({ direction }) => direction === 'outbound')?.heldReason).toBe('Offline: Key ended')
})

test('an auto-reply is stored once, and two rules that answer the same message are two', async () => {
  const front = await connectedApp(db, deps)
  const related = { conversation: link('conversations', 'cnv_1'), message_replied_to: link('messages', 'msg_0') }
  const event = autoreplyEvent({ _links: { related }, created_at: 1_700_000_000.5, text: 'We are closed' })
  const [first, again] = [await callApp(deps, front, event), await callApp(deps, front, event)]
  expect(again.json).toEqual(first.json)
  expect(first.json).toMatchObject({ type: 'success', external_id: expect.any(String) })
  const other = await callApp(deps, front, { ...event, payload: { ...event.payload, text: 'See our FAQ' } })
  expect(other.json.external_id).not.toBe(first.json.external_id)
  expect(other.json.external_conversation_id).toBe(first.json.external_conversation_id)
  expect(await messagesOf(front.channel.id)).toMatchObject([
    { kind: 'autoreply', direction: 'outbound', frontMessageId: null, author: null, bodyText: 'We are closed' },
    { kind: 'autoreply', bodyText: 'See our FAQ' },
  ])
})

test('a receive-only channel refuses a message with the reason, and the call is kept', async () => {
  const front = await connectedApp(db, deps)
  await callApp(deps, front, messageEvent())
  await db.update(channels).set({ receiveOnly: true }).where(eq(channels.id, front.channel.id))
  const answer = await callApp(deps, front, messageEvent())
  expect(answer).toMatchObject({
    status: 200,
    json: { type: 'bad_request', message: expect.stringContaining('no replies') },
  })
  expect(await messagesOf(front.channel.id)).toHaveLength(1)
  expect(await requestsOf(front.channel.id)).toMatchObject([{ code: 'receive_only', appId: front.app.id, status: 200 }])
})

test('a message that names nobody is refused by name', async () => {
  const front = await connectedApp(db, deps)
  const answer = await callApp(deps, front, messageEvent({ ...noLinks, recipients: [] }))
  expect(answer.json).toEqual({ type: 'bad_request', message: 'The message names nobody to send it to.' })
})

test('messages are taken on the app’s own address too: the key says for which channel', async () => {
  const front = await connectedApp(db, deps)
  const answer = await callApp(deps, front, messageEvent(), { channelKey: null })
  expect(answer.json.type).toBe('success')
  expect(await messagesOf(front.channel.id)).toHaveLength(1)
})

test('what we brought to Front ourselves does not go back to the provider', async () => {
  const front = await connectedApp(db, deps)
  const conversation = await createConversation(db, front.channel.id, { reference: 'ref-1' })
  const brought = await createMessage(db, conversation, { reference: 'ref-1', keys: { uid: 'uid_echo' } })
  const answer = await callApp(deps, front, messageEvent({ message_uid: 'uid_echo' }))
  expect(answer.json).toEqual({ type: 'success', external_id: brought.id, external_conversation_id: 'ref-1' })
  expect(await messagesOf(front.channel.id)).toHaveLength(1)
})

test('a message for a channel that Front has removed is refused, and taken again once it is connected', async () => {
  const front = await connectedApp(db, deps)
  await callApp(deps, front, null, { method: 'DELETE' })
  expect((await callApp(deps, front, messageEvent())).json.type).toBe('not_found')
  await callApp(deps, front, authorization(front.frontChannelId), { channelKey: null })
  expect((await callApp(deps, front, messageEvent())).json.type).toBe('success')
})
