import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { findSandboxConversation } from '#db/queries/sandbox-conversations'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { listSandboxConversationIds } from '#db/queries/sandbox-threads'
import { testDatabase } from '#tests/support/postgres'
import { testSandbox } from '#tests/support/sandbox'
import { callAs, createAppChannel, eventOf } from '#tests/support/sandbox-apps'

const database = await testDatabase()
afterAll(database.close)
const sandbox = testSandbox(database)
const { sent, waiting, catchUp } = sandbox
await putSandboxSettings(database.db, { visibleDelayMs: 1500, requestsPerMinute: 0 })

beforeEach(() => {
  sent.length = 0
  waiting.length = 0
})

let count = 0

function inbound(overrides: object = {}, ids: object = {}) {
  count += 1
  const metadata = { external_id: `m${count}`, external_conversation_id: `c${count}`, ...ids }
  return { sender: { handle: 'ada', name: 'Ada' }, body: '<p>Hello</p>', metadata, ...overrides }
}

async function open(overrides: Parameters<typeof createAppChannel>[1] = {}) {
  const made = await createAppChannel(sandbox, overrides)
  const ask = callAs(sandbox, made.channel)
  const write = (json: object, path = 'inbound_messages') =>
    ask('POST', `/channels/${made.channel.id}/${path}`, { json })
  const read = async (uid: string) => (await ask('GET', `/messages/alt:uid:${uid}`, { atMs: 2000 })).json
  return { ...made, ask, write, read }
}

describe('A2, a message of a customer', () => {
  test('is accepted, exists a moment later, and is told to the app then', async () => {
    const { ask, write, channel } = await open()
    const json = inbound({ subject: 'Order', delivered_at: 1_700_000_000 }, { external_conversation_id: 'chat-1' })
    const { status, json: accepted } = await write(json)
    expect([status, accepted.status]).toEqual([202, 'accepted'])
    expect((await ask('GET', `/messages/alt:uid:${accepted.message_uid}`)).status).toBe(404)
    expect(waiting.map(({ delayMs }) => delayMs)).toEqual([1500])
    await catchUp(1500)
    const [told] = sent
    expect(told).toMatchObject({ method: 'POST', url: channel.webhookUrl })
    const { type, payload, metadata } = eventOf(told)
    expect(type).toBe('message_imported')
    expect(metadata).toEqual({ external_conversation_id: 'chat-1', external_conversation_ids: ['chat-1'] })
    expect(payload).toMatchObject({
      message_uid: accepted.message_uid,
      is_inbound: true,
      subject: 'Order',
      created_at: 1_700_000_000,
      metadata: { external_id: json.metadata.external_id },
    })
  })

  test('joins the conversation that its external_conversation_id names, and no other', async () => {
    const { write, read } = await open()
    const uids = []
    for (const external_conversation_id of ['one', 'two', 'one']) {
      uids.push((await write(inbound({}, { external_conversation_id }))).json.message_uid)
    }
    const messages = await Promise.all(uids.map(read))
    const [first, second, third] = messages.map((message) => message._links.related.conversation)
    expect([third === first, second === first]).toEqual([true, false])
  })

  test('makes one conversation when two first messages come at once', async () => {
    const { write, read } = await open()
    const answers = await Promise.all([1, 2, 3].map(() => write(inbound({}, { external_conversation_id: 'same' }))))
    const messages = await Promise.all(answers.map((answer) => read(answer.json.message_uid)))
    expect(new Set(messages.map((message) => message._links.related.conversation)).size).toBe(1)
  })

  test('is kept once when its external_id comes again, which is told loudly', async () => {
    const { write, read } = await open()
    const first = inbound()
    const answers = await Promise.all([write(first), write({ ...first, body: 'another' })])
    const [one, two] = answers.map((answer) => answer.json.message_uid)
    expect(two).toBe(one)
    expect(answers.filter((answer) => answer.headers.has('x-sandbox-warning'))).toHaveLength(1)
    await catchUp(1500)
    expect(sent).toHaveLength(1)
    expect((await read(one)).metadata.external_id).toBe(first.metadata.external_id)
  })

  test('shows which message it answers', async () => {
    const { write, read } = await open()
    const first = inbound()
    const { message_uid: uid } = (await write(first)).json
    const reply = inbound({}, { referenced_message_external_id: first.metadata.external_id })
    const { message_uid: answerUid } = (await write(reply)).json
    const [asked, answer] = [await read(uid), await read(answerUid)]
    expect(answer._links.related.message_replied_to).toBe(asked._links.self)
  })

  test('keeps plain text as it was written', async () => {
    const { write, read } = await open()
    const { message_uid: uid } = (await write(inbound({ body: 'snake_case *stars*\n2 < 3 & 4' }))).json
    expect((await read(uid)).body).toBe('<p>snake_case *stars*<br>2 &lt; 3 &amp; 4</p>')
  })
})

const ignored: Record<string, [object, string]> = {
  'the threading key of custom channels': [inbound({}, { thread_ref: 'r' }), 'metadata.thread_ref'],
  'a format': [inbound({ body_format: 'html' }), 'body_format'],
  'files inside JSON': [inbound({ attachments: ['x'] }), 'attachments outside a multipart form'],
  'a time in milliseconds': [inbound({ delivered_at: 1_700_000_000_000 }), 'delivered_at looks like milliseconds'],
  'a field of the other call': [inbound({ to: [{ handle: 'b' }] }), 'to is not a field'],
}
for (const [what, [json, warning]] of Object.entries(ignored)) {
  test(`A2 warns of ${what}, which Front would ignore silently`, async () => {
    const { write } = await open()
    const { status, headers } = await write(json)
    expect(status).toBe(202)
    expect(headers.get('x-sandbox-warning')).toContain(warning)
  })
}

describe('A3, a message that was sent outside Front', () => {
  const to = [{ handle: 'ada', name: 'Ada' }, { handle: 'bob' }]
  const outbound = (overrides: object = {}, ids: object = {}) => {
    const { sender: _sender, ...rest } = inbound({}, ids)
    return { ...rest, to, ...overrides }
  }

  test('joins its conversation as an outbound message, and is told to the app', async () => {
    const { write, read } = await open()
    const ids = { external_conversation_id: 'chat-1' }
    const { message_uid: first } = (await write(inbound({}, ids))).json
    const sentElsewhere = outbound({ sender_name: 'The bot', author_id: 'tea_jonas' }, ids)
    const { message_uid: second } = (await write(sentElsewhere, 'outbound_messages')).json
    const [question, answer] = [await read(first), await read(second)]
    expect(answer._links.related.conversation).toBe(question._links.related.conversation)
    expect(answer).toMatchObject({ is_inbound: false, is_draft: false, author: { id: 'tea_jonas' } })
    expect(answer.recipients.map(({ role, handle }: { role: string; handle: string }) => [role, handle])).toEqual([
      ['from', expect.stringContaining('@')],
      ['to', 'ada'],
      ['to', 'bob'],
    ])
    await catchUp(1500)
    expect(sent.map((request) => eventOf(request).type)).toEqual(['message_imported', 'message_imported'])
  })

  test('arrives as a form too, its list by positions', async () => {
    const { ask, channel, read } = await open()
    const form = new FormData()
    for (const [name, value] of Object.entries({
      'to[0][handle]': 'ada',
      'to[1][handle]': 'bob',
      body: 'Your label',
      'metadata[external_id]': 'form-1',
      'metadata[external_conversation_id]': 'form',
      delivered_at: '1700000000',
    })) {
      form.append(name, value)
    }
    form.append('attachments[0]', new File(['label'], 'label.txt', { type: 'text/plain' }))
    const { status, json, headers } = await ask('POST', `/channels/${channel.id}/outbound_messages`, { form })
    expect([status, headers.get('x-sandbox-warning')]).toEqual([202, null])
    const message = await read(json.message_uid)
    expect(message.created_at).toBe(1_700_000_000)
    expect(message.recipients).toHaveLength(3)
    const file = await ask('GET', sandbox.pathOf(message.attachments[0].url), { atMs: 2000 })
    expect(file.status).toBe(302)
  })

  const wrong: Record<string, object> = {
    'one recipient that is no list': { to: { handle: 'ada' } },
    'nobody to be sent to': { to: [] },
    'a teammate that nobody knows': { author_id: 'tea_nobody' },
    'an id of 201 characters': { metadata: { external_id: 'x'.repeat(201), external_conversation_id: 'c' } },
  }
  for (const [what, overrides] of Object.entries(wrong)) {
    test(`is refused with ${what}`, async () => {
      const { write } = await open()
      expect((await write(outbound(overrides), 'outbound_messages')).status).toBeGreaterThanOrEqual(400)
    })
  }
})

test('the handle has to fit the contact type of the channel', async () => {
  const { write, read } = await open({ contactType: 'phone' })
  expect((await write(inbound())).json._error.details).toEqual(['body.sender.handle: must be a phone number'])
  const { json, headers } = await write(inbound({ sender: { handle: '(415) 555-0100' } }))
  expect(headers.get('x-sandbox-warning')).toContain('US number')
  expect((await read(json.message_uid)).recipients[0].handle).toBe('+14155550100')
})

test('A5 opens the conversation again with the reason; only for an outbound message under both its ids', async () => {
  const { ask, write, channel } = await open()
  const ids = { external_id: 'm/1:+a', external_conversation_id: 'thread/1:+a' }
  const { sender: _sender, ...body } = inbound({ to: [{ handle: 'ada' }] }, ids)
  await write(body, 'outbound_messages')
  await write(inbound({}, { external_id: 'theirs', external_conversation_id: 'thread/1:+a' }))
  const put = (
    conversation: string,
    message: string,
    json: object = { status: 'failed', reason: 'No such number.' },
  ) => {
    const path = `/conversations/${encodeURIComponent(conversation)}/messages/${encodeURIComponent(message)}/status`
    return ask('PUT', `/channels/${channel.id}${path}`, { json })
  }
  expect((await put('thread/1:+a', 'm/1:+a')).status).toBe(204)
  const [logged] = await database.sql`select send_state, send_error from sandbox_messages where external_id = 'm/1:+a'`
  expect(logged).toEqual({ send_state: 'bounced', send_error: 'No such number.' })
  const refusals = [
    put('thread/1:+a', 'theirs'),
    put('another', 'm/1:+a'),
    put('thread/1:+a', 'none'),
    put('thread/1:+a', 'm/1:+a', { status: 'delivered' }),
  ]
  expect((await Promise.all(refusals)).map((answer) => answer.status)).toEqual([400, 404, 404, 400])
})

test('the app reads its own ids of a conversation, the company does not; another channel reads neither', async () => {
  const { ask, write, read } = await open()
  const { message_uid: uid } = (await write(inbound({}, { external_conversation_id: 'mine' }))).json
  const path = sandbox.pathOf((await read(uid))._links.related.conversation)
  expect((await ask('GET', path, { atMs: 2000 })).json.metadata).toEqual({ external_conversation_ids: ['mine'] })
  expect((await sandbox.call('GET', path, { atMs: 2000 })).json.metadata).toEqual({})
  const { ask: askOther } = await open()
  expect((await askOther('GET', path, { atMs: 2000 })).status).toBe(401)
  const id = path.split('/').at(-1) ?? ''
  expect(await listSandboxConversationIds(database.db, id)).toEqual(['mine'])
  expect((await findSandboxConversation(database.db, id, sandbox.later(2000).now))?.handle).toBe('ada')
})
