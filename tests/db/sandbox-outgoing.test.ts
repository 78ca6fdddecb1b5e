import { createHmac } from 'node:crypto'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { updateSandboxChannel } from '#db/queries/sandbox-channels'
import { putSandboxFault } from '#db/queries/sandbox-faults'
import { listSandboxMessages } from '#db/queries/sandbox-messages'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { sandboxSecret } from '#lib/sandbox/identity'
import { sendAgain } from '#lib/sandbox/send-to-channel'
import { replyAsTeammate } from '#lib/sandbox/teammate'
import { findSpecs, responseValidator } from '#tests/contract/openapi'
import { testDatabase } from '#tests/support/postgres'
import { createSandboxChannel, testSandbox } from '#tests/support/sandbox'

const database = await testDatabase()
afterAll(database.close)
const sandbox = testSandbox(database)
const { deps, sent, script } = sandbox
await putSandboxSettings(database.db, { visibleDelayMs: 0, requestsPerMinute: 0 })

beforeEach(() => {
  sent.length = 0
  script.answer = () => 200
})

async function openConversation() {
  const channel = await createSandboxChannel(sandbox)
  const json = {
    sender: { handle: 'ada', name: 'Ada' },
    body: 'Hi',
    body_format: 'html',
    metadata: { thread_ref: 'r' },
  }
  const { json: accepted } = await sandbox.call('POST', `/channels/${channel.id}/incoming_messages`, { json })
  const { json: message } = await sandbox.call('GET', `/messages/alt:uid:${accepted.message_uid}`)
  return { channel, message, conversationId: String(message._links.related.conversation.split('/').at(-1)) }
}

const label = { filename: 'label.txt', contentType: 'text/plain', bytes: Buffer.from('label') }

async function reply(conversationId: string, text = 'Dear Ada,\n<b>hello</b>') {
  const later = sandbox.later(1000)
  await replyAsTeammate(later, { conversationId, teammateId: 'tea_jonas', text, files: [label] })
  const [newest] = await listSandboxMessages(database.db, { conversationId, now: later.now, limit: 1 })
  return newest
}

test('posts the message as the API shows it, signed over the raw body with the API secret', async () => {
  const { channel, message, conversationId } = await openConversation()
  const stored = await reply(conversationId)
  const [post] = sent
  expect(post).toMatchObject({ method: 'POST', url: channel.webhookUrl })
  const body = String(post?.body)
  const signature = createHmac('sha1', sandboxSecret(deps.keys)).update(body).digest('base64')
  expect(post?.headers['x-front-signature']).toBe(signature)
  const posted = JSON.parse(body)
  expect(posted).toMatchObject({ id: stored?.id, is_inbound: false, text: 'Dear Ada,\n<b>hello</b>', metadata: {} })
  expect(posted.body).toBe('<p>Dear Ada,<br>&lt;b&gt;hello&lt;/b&gt;</p>')
  expect(posted.author.first_name).toBe('Jonas')
  expect(posted.recipients.map(({ role, handle }: { role: string; handle: string }) => [role, handle])).toEqual([
    ['from', channel.address],
    ['to', 'ada'],
  ])
  expect(posted._links.related.message_replied_to).toBe(message._links.self)
  expect(posted.attachments).toMatchObject([{ filename: 'label.txt', size: 5 }])
  expect(stored?.sendState).toBe('sent')
})

test.skipIf(!findSpecs().found)('posts what Front’s own specification calls a message', async () => {
  const { conversationId } = await openConversation()
  await reply(conversationId)
  const validate = responseValidator('core', 'get-message', '200')
  validate(JSON.parse(String(sent[0]?.body)))
  expect(validate.errors ?? []).toEqual([])
})

test('a refused post leaves a failed draft, and sending again keeps the message’s id', async () => {
  const { conversationId } = await openConversation()
  script.answer = () => 503
  const failed = await reply(conversationId)
  expect(failed?.sendState).toBe('failed')
  expect(failed?.sendError).toContain('503')
  const draft = (await sandbox.call('GET', `/messages/${failed?.id}`, { atMs: 2000 })).json
  expect([draft.is_draft, draft.draft_mode]).toEqual([true, 'shared'])
  script.answer = () => 204
  await sendAgain(sandbox.later(2000), failed?.id ?? '')
  const ids = sent.map(({ body }) => JSON.parse(String(body)).id)
  expect(ids).toEqual([failed?.id, failed?.id])
  expect((await sandbox.call('GET', `/messages/${failed?.id}`, { atMs: 2000 })).json.is_draft).toBe(false)
  expect(await sendAgain(sandbox.later(2000), failed?.id ?? '')).toBeUndefined()
  expect(sent).toHaveLength(2)
})

test('a switch signs the next post with another secret', async () => {
  const { conversationId } = await openConversation()
  await putSandboxFault(database.db, { side: 'front', kind: 'wrong_signature', remaining: 1, options: {} })
  await reply(conversationId)
  await reply(conversationId)
  const right = sent.map(({ body, headers }) => {
    const signature = createHmac('sha1', sandboxSecret(deps.keys)).update(String(body)).digest('base64')
    return headers['x-front-signature'] === signature
  })
  expect(right).toEqual([false, true])
})

test('a channel that takes no replies sends none, one without an outgoing URL keeps them', async () => {
  const { channel, conversationId } = await openConversation()
  await updateSandboxChannel(database.db, channel.id, { webhookUrl: null })
  expect((await reply(conversationId))?.sendState).toBe('sent')
  await updateSandboxChannel(database.db, channel.id, { replyMode: 'cannot_reply' })
  await expect(reply(conversationId)).rejects.toMatchObject({ code: 'conflict' })
  expect(sent).toHaveLength(0)
})
