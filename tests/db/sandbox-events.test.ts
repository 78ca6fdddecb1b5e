import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { listSandboxCalls } from '#db/queries/sandbox-calls'
import { findAnySandboxChannel, findSandboxChannel, updateSandboxChannel } from '#db/queries/sandbox-channels'
import { putSandboxFault } from '#db/queries/sandbox-faults'
import { listSandboxMessages } from '#db/queries/sandbox-messages'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { listSandboxConversationIds } from '#db/queries/sandbox-threads'
import { signApplication, verifyApplicationSignature } from '#lib/front/signature'
import type { HttpRequest } from '#lib/http/http-result'
import { deleteAppChannel } from '#lib/sandbox/apps/delete-channel'
import { sendAgain } from '#lib/sandbox/send-to-channel'
import { composeAsTeammate, replyAsTeammate } from '#lib/sandbox/teammate'
import { testDatabase } from '#tests/support/postgres'
import { START, testSandbox } from '#tests/support/sandbox'
import { APP_SECRET, callAs, createAppChannel, eventOf } from '#tests/support/sandbox-apps'

const database = await testDatabase()
afterAll(database.close)
const { db } = database
const sandbox = testSandbox(database)
const { sent, timeouts, waiting, script, catchUp, later } = sandbox
await putSandboxSettings(db, { visibleDelayMs: 1500, requestsPerMinute: 0 })

let ids = 0

/** An app that takes everything, and keeps a teammate's conversation under the id given. */
function taking(threadId: string) {
  return (request: HttpRequest) => {
    const { type } = eventOf(request) ?? {}
    if (type !== 'message' && type !== 'message_autoreply') return { json: {} }
    ids += 1
    return { json: { type: 'success', external_id: `out-${ids}`, external_conversation_id: threadId } }
  }
}

beforeEach(() => {
  sent.length = 0
  waiting.length = 0
  script.answer = () => 200
})

/** A channel with one message of a customer in it, in the conversation `chat`. */
async function open(overrides: Parameters<typeof createAppChannel>[1] = {}) {
  const made = await createAppChannel(sandbox, overrides)
  const ask = callAs(sandbox, made.channel)
  const json = {
    sender: { handle: 'ada', name: 'Ada' },
    body: 'Hello',
    metadata: { external_id: 'in-1', external_conversation_id: 'chat' },
  }
  const { message_uid: uid } = (await ask('POST', `/channels/${made.channel.id}/inbound_messages`, { json })).json
  const message = (await ask('GET', `/messages/alt:uid:${uid}`, { atMs: 2000 })).json
  return { ...made, ask, message, conversationId: String(message._links.related.conversation.split('/').at(-1)) }
}

async function reply(conversationId: string, text = 'Dear Ada') {
  await replyAsTeammate(later(3000), { conversationId, teammateId: 'tea_jonas', text, files: [] })
  return newestOf(conversationId)
}

async function newestOf(conversationId: string) {
  const [newest] = await listSandboxMessages(db, { conversationId, now: later(9000).now, limit: 1 })
  return newest
}

describe('a teammate’s message', () => {
  test('goes to the channel’s own address, signed with the app secret, with the credential', async () => {
    const { channel, conversationId, message } = await open()
    waiting.length = 0
    script.answer = taking('chat')
    const stored = await reply(conversationId)
    const [post] = sent
    expect(post).toMatchObject({ method: 'POST', url: channel.webhookUrl })
    expect(post?.headers.authorization).toBe('Bearer connect-key')
    expect(timeouts.at(-1)).toBe(7000)
    const timestamp = post?.headers['x-front-request-timestamp'] ?? null
    expect(timestamp).toBe(String(START.getTime() + 3000))
    const signed = { rawBody: Buffer.from(String(post?.body)), signature: post?.headers['x-front-signature'] ?? null }
    const check = { ...signed, timestamp, method: 'POST', secrets: [APP_SECRET], now: later(3000).now }
    expect(verifyApplicationSignature(check)).toEqual({ variant: 'sha256_timestamp_raw' })
    const { type, payload, metadata } = eventOf(post)
    expect([type, metadata]).toEqual(['message', undefined])
    expect(payload).toMatchObject({ id: stored?.id, is_inbound: false, text: 'Dear Ada', author: { id: 'tea_jonas' } })
    expect(payload._links.related.message_replied_to).toBe(message._links.self)
    expect(stored).toMatchObject({ sendState: 'sent', externalId: `out-${ids}` })
    expect(waiting).toEqual([])
  })

  test('brings the conversation’s external ids along where the app is set so', async () => {
    const { conversationId } = await open({ app: { tellsConversationIds: true } })
    script.answer = taking('chat')
    await reply(conversationId)
    expect(eventOf(sent[0]).metadata.external_conversation_ids).toEqual(['chat'])
  })

  const failures: Record<string, [ReturnType<typeof script.answer>, string]> = {
    'a typed error with words of its own': [
      { json: { type: 'bad_request', message: 'No such number.' } },
      'No such number.',
    ],
    'a typed error with the status that fits': [
      { status: 403, json: { type: 'forbidden', message: 'Opted out.' } },
      'Opted out.',
    ],
    'a typed error without words': [{ json: { type: 'too_many_requests' } }, 'too much to do'],
    'no ids': [{ json: { type: 'success' } }, 'no right external_id'],
    'an id of 201 characters': [
      { json: { type: 'success', external_id: 'x'.repeat(201), external_conversation_id: 'c' } },
      'no right external_id',
    ],
    'the id of another message': [
      { json: { type: 'success', external_id: 'in-1', external_conversation_id: 'chat' } },
      'external_id of another message',
    ],
    'a status alone': [503, 'it answered 503'],
    'no answer in time': [null, 'did not answer'],
  }
  for (const [what, [answer, reason]] of Object.entries(failures)) {
    test(`fails for good on ${what}, with that reason, and can be sent again by hand`, async () => {
      const { conversationId } = await open()
      script.answer = () => answer
      const failed = await reply(conversationId)
      expect(failed?.sendState).toBe('failed')
      expect(failed?.sendError).toContain(reason)
      expect(sent).toHaveLength(1)
      script.answer = taking('chat')
      await sendAgain(later(4000), failed?.id ?? '')
      expect(sent.map((request) => eventOf(request).payload.id)).toEqual([failed?.id, failed?.id])
      expect((await newestOf(conversationId))?.sendState).toBe('sent')
    })
  }

  test('that the app refuses for want of authentication sets the channel offline', async () => {
    const { conversationId, channel } = await open()
    script.answer = () => ({ json: { type: 'authentication_required', message: 'The key was revoked.' } })
    await reply(conversationId)
    const row = await findSandboxChannel(db, channel.id)
    expect(row).toMatchObject({ status: 'offline', statusReason: 'The key was revoked.' })
  })

  test('is signed wrongly where the switch says so', async () => {
    const { conversationId } = await open()
    await putSandboxFault(db, { side: 'front', kind: 'wrong_signature', remaining: 1, options: {} })
    await reply(conversationId)
    await reply(conversationId)
    const right = sent.map(({ body, headers }) => {
      const signature = signApplication(String(body), headers['x-front-request-timestamp'] ?? '', APP_SECRET)
      return headers['x-front-signature'] === signature
    })
    expect(right).toEqual([false, true])
  })

  test('is written into the log of calls with what came of it', async () => {
    const { conversationId, channel } = await open()
    script.answer = () => ({ json: { type: 'not_found' } })
    await database.sql`delete from sandbox_calls`
    await reply(conversationId)
    const [logged] = await listSandboxCalls(db, 1)
    const expected = { direction: 'to_app', method: 'POST', path: channel.webhookUrl, event: 'message', status: 200 }
    expect(logged).toMatchObject({ ...expected, error: expect.stringContaining('does not know it') })
  })
})

describe('a conversation that a teammate begins', () => {
  async function compose(channelId: string) {
    return composeAsTeammate(later(3000), { channelId, teammateId: 'tea_mina', handle: 'bob', text: 'Hi', files: [] })
  }

  test('takes the id that the app answers, so that the customer’s answer joins it', async () => {
    const { channel, ask } = await createAppChannel(sandbox).then((made) => ({
      ...made,
      ask: callAs(sandbox, made.channel),
    }))
    script.answer = taking('sms-bob')
    const conversationId = await compose(channel.id)
    expect(await listSandboxConversationIds(db, conversationId)).toEqual(['sms-bob'])
    const metadata = { external_id: 'bob-1', external_conversation_id: 'sms-bob' }
    const json = { sender: { handle: 'bob' }, body: 'Hello', metadata }
    await ask('POST', `/channels/${channel.id}/inbound_messages`, { json, atMs: 4000 })
    expect((await newestOf(conversationId))?.content.text).toBe('Hello')
  })

  test('becomes one with the conversation whose id the app answers', async () => {
    const { channel, conversationId, ask } = await open()
    script.answer = taking('chat')
    const composed = await compose(channel.id)
    expect((await newestOf(conversationId))?.content.text).toBe('Hi')
    const moved = await ask('GET', `/conversations/${composed}`, { atMs: 5000 })
    expect([moved.status, moved.headers.get('location')]).toEqual([
      301,
      `https://patchbay.example/sandbox/front/conversations/${conversationId}`,
    ])
  })

  test('fails where the channel needs authentication, without a call', async () => {
    const { channel } = await createAppChannel(sandbox, { webhookUrl: null })
    const composed = await compose(channel.id)
    expect((await newestOf(composed))?.sendError).toBe('The channel needs authentication.')
    expect(sent).toEqual([])
  })
})

test('a second id that the app answers is one more of the conversation’s', async () => {
  const { conversationId } = await open()
  script.answer = taking('another')
  await reply(conversationId)
  expect(await listSandboxConversationIds(db, conversationId)).toEqual(expect.arrayContaining(['chat', 'another']))
})

test('as many rules as are switched on answer a customer, each told before and after it exists', async () => {
  const { channel, conversationId } = await open({ autoReplies: 2 })
  script.answer = taking('chat')
  await catchUp(5000)
  const events = sent.map(eventOf)
  expect(events.map((event) => event.type)).toEqual([
    'message_imported',
    'message_autoreply',
    'message_autoreply',
    'message_imported',
    'message_imported',
  ])
  const [, first, second, imported] = events
  expect(Object.keys(first.payload).sort()).toEqual([
    '_links',
    'attachments',
    'body',
    'created_at',
    'is_inbound',
    'recipients',
    'text',
    'type',
  ])
  expect(first.payload._links.self).toBeUndefined()
  expect(first.payload._links.related).toEqual(second.payload._links.related)
  expect(imported.payload).toMatchObject({ is_inbound: false, metadata: { external_id: `out-${ids - 1}` } })
  expect(sent.every((request) => request.url === channel.webhookUrl)).toBe(true)
  const newest = await newestOf(conversationId)
  expect(newest).toMatchObject({ kind: 'autoreply', sendState: 'sent', externalId: expect.stringContaining('out-') })
})

test('an auto-reply that the app refuses shows why, and is not imported', async () => {
  const { conversationId } = await open({ autoReplies: 1 })
  script.answer = () => ({ json: { type: 'internal_error', message: 'Try later.' } })
  await catchUp(5000)
  expect(sent.map((request) => eventOf(request).type)).toEqual(['message_imported', 'message_autoreply'])
  expect((await newestOf(conversationId))?.sendError).toBe('Try later.')
})

describe('deleting a channel', () => {
  const forms = [
    ['delete', 'DELETE', false, 'sha256_timestamp_undefined'],
    ['delete_with_body', 'DELETE', true, 'sha256_timestamp_undefined'],
    ['delete_signed_body', 'DELETE', true, 'sha256_timestamp_raw'],
    ['post', 'POST', true, 'sha256_timestamp_raw'],
  ] as const
  for (const [form, method, hasBody, variant] of forms) {
    test(`tells the app in the form ${form}`, async () => {
      const { channel } = await createAppChannel(sandbox)
      expect(await deleteAppChannel(later(10), { channelId: channel.id, form })).toBeNull()
      const [call] = sent
      expect(call).toMatchObject({ method, url: channel.webhookUrl })
      expect(eventOf(call)).toEqual(hasBody ? { type: 'delete', payload: { channel_id: channel.id } } : null)
      const { 'x-front-signature': signature = null, 'x-front-request-timestamp': timestamp = null } =
        call?.headers ?? {}
      const rawBody = Buffer.from(String(call?.body ?? ''))
      const check = { method, rawBody, signature, timestamp, secrets: [APP_SECRET], now: later(10).now }
      expect(verifyApplicationSignature(check)).toEqual({ variant })
    })
  }

  test('happens whatever the app says, keeps the conversations, and frees the address', async () => {
    const { channel, conversationId } = await open()
    script.answer = () => 500
    expect(await deleteAppChannel(later(3000), { channelId: channel.id, form: 'delete' })).toContain('500')
    expect(await findSandboxChannel(db, channel.id)).toBeUndefined()
    expect((await findAnySandboxChannel(db, channel.id))?.deletedAt).toEqual(later(3000).now)
    expect((await newestOf(conversationId))?.content.text).toBe('Hello')
    await expect(reply(conversationId)).rejects.toMatchObject({ code: 'not_found' })
    await createAppChannel(sandbox, { address: channel.address })
  })
})

test('a message of a channel that was deleted meanwhile is told to nobody', async () => {
  const { channel } = await open()
  await updateSandboxChannel(db, channel.id, { deletedAt: START })
  await catchUp(2000)
  expect(sent).toEqual([])
})
