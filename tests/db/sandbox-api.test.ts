import { afterAll, expect, test } from 'vitest'
import { listSandboxCalls } from '#db/queries/sandbox-calls'
import { deleteSandboxFaults, putSandboxFault } from '#db/queries/sandbox-faults'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { testDatabase } from '#tests/support/postgres'
import { createSandboxChannel, testSandbox } from '#tests/support/sandbox'

const database = await testDatabase()
afterAll(database.close)
const sandbox = testSandbox(database)
const { call, pathOf } = sandbox
await putSandboxSettings(database.db, { visibleDelayMs: 1500, requestsPerMinute: 0 })
const channel = await createSandboxChannel(sandbox)
const intake = `/channels/${channel.id}/incoming_messages`
/** Apart, so that no channel reaches its burst limit by chance. */
const secondIntake = `/channels/${(await createSandboxChannel(sandbox)).id}/incoming_messages`
const hello = { sender: { handle: 'ada', name: 'Ada' }, body: '<p>Hello</p>', body_format: 'html' }

test('says who we are, with rate-limit headers', async () => {
  const { status, headers, json } = await call('GET', '/me')
  expect([status, json.id]).toEqual([200, 'cmp_sandbox'])
  expect(headers.get('x-ratelimit-limit')).toBe('200')
  expect(Number(headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(sandbox.deps.now.getTime())
})

test('refuses a wrong token as Front does, and such calls leave no trace', async () => {
  const before = await listSandboxCalls(database.db)
  const { status, headers, json } = await call('GET', '/me', { token: 'sandbox_wrong' })
  expect(status).toBe(401)
  expect(json._error).toEqual({ status: 401, title: 'Unauthenticated', message: 'JSON Web Token error' })
  expect(headers.get('x-ratelimit-limit')).toBe('200')
  expect(await listSandboxCalls(database.db)).toHaveLength(before.length)
})

test('names every wrong field of a message', async () => {
  const json = { sender: { name: 7 }, body: null, body_format: 'text', metadata: { thread_ref: 1 } }
  const answer = await call('POST', intake, { json })
  expect(answer.status).toBe(400)
  expect(answer.json._error.message).toBe('Body did not satisfy requirements')
  expect(answer.json._error.details).toEqual([
    'body.sender.handle: missing',
    'body.sender.name: must be a string',
    'body.body: must be a string',
    'body.body_format: must be one of markdown, html',
    'body.metadata.thread_ref: must be a string',
  ])
})

test('answers unparsable JSON without status and title', async () => {
  const { status, json } = await call('POST', intake, { text: '{"body":' })
  expect(status).toBe(400)
  expect(Object.keys(json._error)).toEqual(['message'])
})

test('refuses what it does not know by id, by route and by shape', async () => {
  expect((await call('GET', '/conversations/cnv_none')).json._error.message).toBe('Unknown conversation ID cnv_none')
  expect((await call('GET', '/nowhere')).json._error.message).toBe('No such route.')
  expect((await call('POST', '/channels/cha_none/incoming_messages', { json: hello })).status).toBe(404)
  expect((await call('POST', intake, { json: [] })).json._error.details).toEqual(['body: must be an object'])
})

test('takes what Front ignores silently, and says so loudly', async () => {
  const json = { ...hello, metadata: { external_conversation_id: 'c1' }, attachments: ['https://files.example/a'] }
  const { status, headers } = await call('POST', intake, { json })
  expect(status).toBe(202)
  expect(headers.get('x-sandbox-warning')).toContain('metadata.external_conversation_id')
  expect(headers.get('x-sandbox-warning')).toContain('loses the files')
  const [logged] = await listSandboxCalls(database.db, 1)
  expect(logged).toMatchObject({ method: 'POST', path: intake, status: 202 })
  expect(logged?.warnings).toHaveLength(2)
})

test('a message exists only a while after it was accepted', async () => {
  const { json } = await call('POST', intake, { json: hello })
  expect(json.status).toBe('accepted')
  const alias = `/messages/alt:uid:${json.message_uid}`
  expect((await call('GET', alias, { atMs: 1499 })).status).toBe(404)
  const message = (await call('GET', alias, { atMs: 1500 })).json
  expect(message).toMatchObject({ message_uid: json.message_uid, is_inbound: true, type: 'custom', text: 'Hello' })
  expect((await call('GET', pathOf(message._links.self), { atMs: 1500 })).json.id).toBe(message.id)
})

test('reads a body without a format as Markdown, as Front does', async () => {
  const { json } = await call('POST', intake, { json: { sender: { handle: 'md' }, body: 'a *b* c' } })
  const message = (await call('GET', `/messages/alt:uid:${json.message_uid}`, { atMs: 5000 })).json
  expect(message.body).toBe('<p>a <em>b</em> c</p>')
})

test('makes a channel without telling its id', async () => {
  const settings = { webhook_url: 'https://patchbay.example/out', contact_type: 'phone' }
  const made = await call('POST', '/inboxes/inb_sales/channels', { json: { type: 'custom', name: 'New', settings } })
  expect([made.status, made.json]).toEqual([204, null])
  expect(made.headers.get('x-sandbox-warning')).toContain('settings.contact_type')
  const list = (await call('GET', '/inboxes/inb_sales/channels')).json._results
  expect(list.map((item: { name: string }) => item.name)).toEqual(['New'])
  expect(list[0].settings).toEqual({})
  const renamed = await call('PATCH', `/channels/${list[0].id}`, { json: { name: 'Newer' } })
  expect(renamed.status).toBe(204)
  const byAddress = await call('GET', `/channels/${encodeURIComponent(`alt:address:${list[0].address}`)}`)
  expect(byAddress.json).toMatchObject({ id: list[0].id, name: 'Newer' })
})

test('refuses channels that Front would refuse', async () => {
  const refuse = (json: unknown, inbox = 'inb_sales') => call('POST', `/inboxes/${inbox}/channels`, { json })
  expect((await refuse({ type: 'custom' }, 'inb_none')).status).toBe(404)
  expect((await refuse({})).json._error.details).toEqual(['body.type: missing'])
  expect(
    (await refuse({ type: 'custom', settings: { webhook_url: 'nowhere', undo_send_time: 7 } })).json._error.details,
  ).toEqual([
    'body.settings.undo_send_time: must be one of 0, 5, 10, 15, 30, 60',
    'body.settings.webhook_url: must be a web address',
  ])
})

test('asks for a pause when the company’s calls of this minute are used up', async () => {
  const atMs = 3_600_000
  await putSandboxSettings(database.db, { visibleDelayMs: 1500, requestsPerMinute: 2 })
  expect((await call('GET', '/me', { atMs })).headers.get('x-ratelimit-remaining')).toBe('1')
  expect((await call('GET', '/me', { atMs })).headers.get('x-ratelimit-remaining')).toBe('0')
  const refused = await call('GET', '/me', { atMs })
  expect(refused.status).toBe(429)
  expect(refused.json._error.title).toBe('Too many requests')
  expect(Number(refused.headers.get('retry-after'))).toBe(59)
  expect((await call('GET', '/me', { atMs: atMs + 60_000 })).status).toBe(200)
  await putSandboxSettings(database.db, { visibleDelayMs: 1500, requestsPerMinute: 0 })
})

test('asks for a pause when one channel gets too much at once', async () => {
  const busy = await createSandboxChannel(sandbox)
  const many = Array.from({ length: 30 }, () => call('POST', `/channels/${busy.id}/incoming_messages`, { json: hello }))
  const answers = await Promise.all(many)
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThanOrEqual(10)
  expect(refused[0]?.headers.get('x-front-tier')).toBe('2')
  expect(refused[0]?.json._error.message).toMatch(/tier-2 route\. Please retry in \d+ milliseconds/)
})

test('a switch hits the next messages and then is off; reading goes on undisturbed', async () => {
  const on = { side: 'front', kind: 'rate_limit', remaining: 1, options: { waitS: 7, retryAfter: 'date' } } as const
  await putSandboxFault(database.db, on)
  expect((await call('GET', '/me')).status).toBe(200)
  const refused = await call('POST', secondIntake, { json: hello, atMs: 10_000 })
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('Sat, 21 Nov 2026 10:00:18 GMT')
  expect((await call('POST', secondIntake, { json: hello, atMs: 10_000 })).status).toBe(202)
})

test('a switch may hit every call, by chance, and fails before anything is stored', async () => {
  const on = { side: 'front', kind: 'server_error', percent: 100, everyCall: true, options: { status: 502 } } as const
  await putSandboxFault(database.db, on)
  expect((await call('GET', '/me')).status).toBe(502)
  expect((await call('POST', secondIntake, { json: hello })).status).toBe(502)
  await deleteSandboxFaults(database.db, null)
  expect((await call('GET', '/me')).status).toBe(200)
})

test('pages through a conversation’s messages and keeps comments', async () => {
  const own = await createSandboxChannel(sandbox)
  for (const body of ['one', 'two', 'three']) {
    await call('POST', `/channels/${own.id}/incoming_messages`, { json: { ...hello, body } })
  }
  const uid = (await call('POST', `/channels/${own.id}/incoming_messages`, { json: hello })).json.message_uid
  const atMs = 9000
  const message = (await call('GET', `/messages/alt:uid:${uid}`, { atMs })).json
  const conversation = pathOf(message._links.related.conversation)
  const texts: string[] = []
  let next: string | null = `${conversation}/messages?limit=3`
  while (next) {
    const { json } = await call('GET', next, { atMs })
    texts.push(...json._results.map(({ text }: { text: string }) => text))
    next = json._pagination.next && pathOf(json._pagination.next)
  }
  expect(texts.toSorted()).toEqual(['Hello', 'one', 'three', 'two'])
  expect((await call('GET', `${conversation}/messages?limit=101`, { atMs })).status).toBe(400)
  const comment = await call('POST', `${conversation}/comments`, { json: { body: 'A note' }, atMs })
  expect(comment.status).toBe(201)
  expect((await call('GET', `${conversation}/comments`, { atMs })).json._results[0].body).toBe('A note')
})
