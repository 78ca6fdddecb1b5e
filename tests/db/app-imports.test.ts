import { asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { confirmations } from '#db/schema/confirmations'
import { conversationAliases, frontConversations } from '#db/schema/conversations'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import type { HttpRequest } from '#lib/http/send'
import { autoreplyEvent, callApp, connectedApp, messageEvent } from '#tests/support/app-door'
import { delivering } from '#tests/support/delivering'
import { doorDeps, KEYS } from '#tests/support/door'
import { passTime } from '#tests/support/engine'
import { createConversation, createMessage } from '#tests/support/factories'
import { otherSide, timedOut } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const messageOf = async (id: string) => (await db.select().from(messages).where(eq(messages.id, id)))[0]
const requestsOf = (channelId: string) =>
  db.select().from(requests).where(eq(requests.channelId, channelId)).orderBy(asc(requests.id))
const aliasesOf = (conversationId: string) =>
  db.select().from(conversationAliases).where(eq(conversationAliases.conversationId, conversationId))

const link = (kind: string, id: string) => `https://acme.api.frontapp.com/${kind}/${id}`

test('an import confirms our message and adds every name of its conversation, merged ones too', async () => {
  const front = await connectedApp(db, deps)
  const { id: channelId } = front.channel
  const conversation = await createConversation(db, channelId, { reference: 'ref-1' })
  const brought = await createMessage(db, conversation, { frontState: 'accepted', keys: { uid: 'uid_in' } })
  const related = { conversation: link('conversations', 'cnv_in') }
  const { payload } = messageEvent({ id: 'msg_in', message_uid: 'uid_in', _links: { related } })
  const event = { type: 'message_imported', payload, metadata: { external_conversation_ids: ['ref-1', 'merged'] } }
  for (const _time of [1, 2]) expect((await callApp(deps, front, event)).json).toEqual({ type: 'success' })
  expect(await messageOf(brought.id)).toMatchObject({ frontState: 'confirmed', frontMessageId: 'msg_in' })
  expect(await aliasesOf(conversation.id)).toMatchObject([{ reference: 'merged' }])
  const pairs = await db.select().from(frontConversations).where(eq(frontConversations.conversationId, conversation.id))
  expect(pairs).toMatchObject([{ frontConversationId: 'cnv_in' }])
})

test.each(['metadata.external_id', 'metadata.headers'])('an import is recognised by our id in %s', async (field) => {
  const front = await connectedApp(db, deps)
  const brought = await createMessage(db, await createConversation(db, front.channel.id))
  const metadata =
    field === 'metadata.external_id' ? { external_id: brought.id } : { headers: { patchbay_message_id: brought.id } }
  const { payload } = messageEvent({ metadata })
  await callApp(deps, front, { type: 'message_imported', payload })
  expect(await messageOf(brought.id)).toMatchObject({ frontState: 'confirmed', frontMessageId: payload.id })
})

test('an import that is quicker than the answer of the call leaves nothing to look for', async () => {
  const front = await connectedApp(db, deps)
  const pending = { delivery: { status: 'pending' as const }, reference: 'ref-1' }
  const conversation = await createConversation(db, front.channel.id, { reference: 'ref-1' })
  const { id } = await createMessage(db, conversation, pending)
  const { payload } = messageEvent({ message_uid: 'uid_quick', metadata: { external_id: id } })
  const quick = async (request: HttpRequest) => {
    await callApp(deps, front, { type: 'message_imported', payload })
    return otherSide(() => ({ status: 202, body: '{"message_uid":"uid_quick"}' })).send(request)
  }
  await delivering(db, KEYS).drainOnce(quick)
  expect(await messageOf(id)).toMatchObject({ frontState: 'confirmed', frontMessageId: payload.id })
  expect(await db.select().from(confirmations).where(eq(confirmations.messageId, id))).toEqual([])
})

test('a message whose answer was lost is not sent again when Front has told of its import', async () => {
  const front = await connectedApp(db, deps)
  const conversation = await createConversation(db, front.channel.id, { reference: 'ref-1' })
  const { id } = await createMessage(db, conversation, { delivery: { status: 'pending' }, reference: 'ref-1' })
  await delivering(db, KEYS).drainOnce(otherSide(() => timedOut).send)
  const { payload } = messageEvent({ metadata: { external_id: id } })
  await callApp(deps, front, { type: 'message_imported', payload })
  await passTime(db, 86_400_000)
  const again = otherSide(() => ({ status: 202 }))
  await delivering(db, KEYS).drainOnce(again.send)
  expect(again.seen).toEqual([])
  const { delivery, tries } = await delivering(db, KEYS).read(id)
  expect(delivery).toMatchObject({ status: 'delivered', answerLost: false })
  expect(tries.at(-1)).toMatchObject({ outcome: 'delivered', error: expect.stringContaining('not sent again') })
})

test('an import tells an auto-reply’s id, so that its files can be fetched', async () => {
  const front = await connectedApp(db, deps)
  const answer = await callApp(deps, front, autoreplyEvent())
  const { payload } = messageEvent({ metadata: { external_id: answer.json.external_id } })
  await callApp(deps, front, { type: 'message_imported', payload })
  expect(await messageOf(answer.json.external_id)).toMatchObject({
    frontMessageId: payload.id,
    messageUid: payload.message_uid,
  })
  const keys = await db.select().from(messageKeys).where(eq(messageKeys.messageId, answer.json.external_id))
  expect(keys.map(({ kind }) => kind).sort()).toEqual(['front', 'front_autoreply'])
})

test('an import of a message that is not ours is answered and kept', async () => {
  const front = await connectedApp(db, deps)
  const other = await connectedApp(db, deps)
  const foreign = await createMessage(db, await createConversation(db, other.channel.id))
  const { payload } = messageEvent({ metadata: { external_id: foreign.id } })
  expect((await callApp(deps, front, { type: 'message_imported', payload })).status).toBe(200)
  expect(await messageOf(foreign.id)).toMatchObject({ frontMessageId: null })
  expect(await requestsOf(front.channel.id)).toMatchObject([{ code: 'unknown_import' }])
})
