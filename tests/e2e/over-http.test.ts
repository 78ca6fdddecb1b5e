import type { APIRequestContext, APIResponse } from '@playwright/test'
import { Webhook } from 'standardwebhooks'
import { signCustom } from '#lib/front/signature'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { frontReply } from '#tests/support/door'
import { type Explored, openSandbox } from '#tests/support/explored'
import { signInAs } from '#tests/support/signed-in'

// Against the running server, as a provider's program and Front call it.
test.beforeAll(startOver)

let explored: Explored
test.beforeEach(async ({ server, db }) => {
  explored = await openSandbox({ server, db })
})

const ada = { handle: 'visitor-ada', name: 'Ada' }
const bearer = () => ({ authorization: `Bearer ${explored.bearer}` })
const incoming = () => `/api/channels/${explored.channelKey}/incoming`
const outgoing = () => `/api/front/custom/${explored.channelKey}/outgoing`
const post = (request: APIRequestContext, data: unknown, headers: Record<string, string> = {}) =>
  request.post(incoming(), { headers: { ...bearer(), 'content-type': 'application/json', ...headers }, data })
const statusOf = (request: APIRequestContext, id: string) =>
  request.get(`/api/channels/${explored.channelKey}/messages/${id}`, { headers: bearer() })

async function stateOf(request: APIRequestContext, id: string) {
  const { state, front } = await (await statusOf(request, id)).json()
  return `${state}, ${front.state}`
}

async function refusal(answer: APIResponse) {
  const { error } = await answer.json()
  expect(Object.keys(error).sort()).toEqual(['code', 'details', 'message'])
  return `${answer.status()} ${error.code}`
}

test('a message in JSON is taken, carried and confirmed, and its state can be asked for', async ({ request }) => {
  const answer = await post(request, { external_id: 'm-1', sender: ada, body: 'Hello', sent_at: 1_790_000_000 })
  expect(answer.status()).toBe(202)
  const taken = await answer.json()
  expect(taken).toMatchObject({ status: 'accepted', message_uid: null, duplicate: false })
  await expect.poll(() => stateOf(request, taken.id)).toBe('delivered, confirmed')
  const told = await (await statusOf(request, taken.id)).json()
  const { key, reference } = taken.conversation
  expect(told).toMatchObject({ external_id: 'm-1', attempts: 1, conversation: { key, reference } })
  expect(told.front).toMatchObject({ message_id: expect.stringMatching(/^msg_/), conversation_id: expect.any(String) })
  expect(told.recent_attempts).toEqual([expect.objectContaining({ n: 1, outcome: 'delivered', response_status: 202 })])
})

test('a form with a file arrives in the conversation, where the file can be downloaded', async ({ request }) => {
  const bytes = Buffer.from([0, 1, 2, 250, 251, 252, 13, 10, 45, 45])
  const answer = await request.post(incoming(), {
    headers: bearer(),
    multipart: {
      'sender[handle]': 'visitor-file',
      body: 'See the file',
      'attachments[0]': { name: 'größe.bin', mimeType: 'application/octet-stream', buffer: bytes },
    },
  })
  expect([answer.status(), await answer.text()]).toEqual([202, expect.stringContaining('accepted')])
  const { id } = await answer.json()
  await expect.poll(() => stateOf(request, id)).toBe('delivered, confirmed')
  const { front } = await (await statusOf(request, id)).json()
  const headers = { authorization: `Bearer ${explored.front.token}` }
  const message = await (await request.get(`${explored.front.base}/messages/${front.message_id}`, { headers })).json()
  const [file] = message.attachments
  expect(file).toMatchObject({ filename: 'größe.bin', size: bytes.length })
  const moved = await request.get(file.url, { headers, maxRedirects: 0 })
  const download = await request.get(moved.headers().location ?? '')
  expect(await download.body()).toEqual(bytes)
})

test('the same message again is answered as the first time; another text under its id is a conflict', async ({
  request,
}) => {
  const message = { sender: ada, body: 'Once' }
  const key = { 'idempotency-key': 'm-twice' }
  const first = await (await post(request, message, key)).json()
  const second = await (await post(request, { body: 'Once', sender: ada }, key)).json()
  expect(second).toEqual({ ...first, duplicate: true })
  const atOnce = await Promise.all([1, 2, 3, 4].map(() => post(request, { ...message, external_id: 'm-race' })))
  const answers = await Promise.all(atOnce.map((answer) => answer.json()))
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
  expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
  expect(await refusal(await post(request, { sender: ada, body: 'Other' }, key))).toBe('409 conflict')
})

const JSON_TYPE = { 'content-type': 'application/json' }
const REFUSALS: Record<string, { headers?: Record<string, string>; data?: string; expected: string }> = {
  'a body that is no JSON': { data: '{"sender":', expected: '400 bad_request' },
  'a wrong key': { headers: { authorization: 'Bearer pbk_wrong' }, expected: '401 unauthenticated' },
  'a type that is not taken': { headers: { 'content-type': 'text/plain' }, expected: '415 unsupported_media_type' },
  'JSON above 4 MB': { data: JSON.stringify({ body: 'x'.repeat(4_100_000) }), expected: '413 payload_too_large' },
  'a message without sender': { data: '{"body":"Hi"}', expected: '422 invalid_input' },
  'an empty message': { data: '{"sender":{"handle":"ada"},"body":" "}', expected: '422 invalid_input' },
}

for (const [what, { headers = {}, data = '{"sender":{"handle":"ada"},"body":"Hi"}', expected }] of Object.entries(
  REFUSALS,
)) {
  test(`refuses ${what} by a typed answer and keeps the call`, async ({ request, sql }) => {
    await sql`truncate requests`
    // As bytes, since Playwright would make a JSON text of what is none.
    const body = { headers: { ...bearer(), ...JSON_TYPE, ...headers }, data: Buffer.from(data) }
    const answer = await request.post(incoming(), body)
    expect(await refusal(answer)).toBe(expected)
    const kept = await sql`select status, code from requests`
    expect(kept.map(({ status, code }) => `${status} ${code}`)).toEqual([expected])
  })
}

test('names every wrong field', async ({ request }) => {
  const answer = await post(request, { sender: { name: 7 }, body_format: 'rtf', sent_at: 'soon', body: 'x' })
  const { error } = await answer.json()
  const paths = error.details.map(({ path }: { path: string }) => path)
  expect(paths.sort()).toEqual(['body_format', 'sender.handle', 'sender.name', 'sent_at'])
})

test('an unknown channel is not found, and asking for another way is not allowed', async ({ request }) => {
  expect(await refusal(await request.post('/api/channels/ch_none/incoming', { data: {} }))).toBe('404 not_found')
  expect((await request.get(incoming(), { headers: bearer() })).status()).toBe(405)
})

test('a channel with a limit says when to come again', async ({ request, sql }) => {
  await sql`update channels set requests_per_minute = 1 where id = ${explored.channelId}`
  expect((await post(request, { sender: ada, body: 'One' })).status()).toBe(202)
  const second = await post(request, { sender: ada, body: 'Two' })
  expect(await refusal(second)).toBe('429 rate_limited')
  expect(Number(second.headers()['retry-after'])).toBeGreaterThan(0)
  await sql`update channels set requests_per_minute = null where id = ${explored.channelId}`
})

test('a repeated message is kept in the log of requests, and a first one is not', async ({ request, sql }) => {
  await sql`truncate requests`
  const message = { external_id: 'm-logged', sender: ada, body: 'Once' }
  const { id } = await (await post(request, message)).json()
  expect(await sql`select from requests`).toHaveLength(0)
  expect((await post(request, message)).status()).toBe(202)
  const kept = await sql`select status, code, message_id, ip, method, path from requests`
  const call = { status: 202, code: 'duplicate', message_id: id, method: 'POST', path: incoming() }
  expect(kept).toEqual([expect.objectContaining(call)])
  expect(kept[0]?.ip).toMatch(/127\.0\.0\.1|::1/)
})

test('many messages at once are all taken, each once and with its own answer', async ({ request, sql }) => {
  const ids = Array.from({ length: 40 }, (_, n) => `m-crowd-${n % 30}`)
  const answers = await Promise.all(
    ids.map((external_id) => post(request, { external_id, sender: ada, body: `Text of ${external_id}` })),
  )
  expect(answers.map((answer) => answer.status())).toEqual(ids.map(() => 202))
  const told = await Promise.all(answers.map((answer) => answer.json()))
  expect(told.filter(({ duplicate }) => duplicate)).toHaveLength(10)
  const stored = await sql`select id, external_id from messages where external_id like 'm-crowd-%'`
  expect(stored).toHaveLength(30)
  const idOf = new Map(stored.map(({ id, external_id }) => [external_id, id]))
  expect(told.map(({ id }) => id)).toEqual(ids.map((external_id) => idOf.get(external_id)))
})

test('a signed call opens without a key, once per webhook id, and not with an old time or a changed body', async ({
  request,
}) => {
  const body = JSON.stringify({ sender: ada, body: 'Signed' })
  const signed = (id: string, at: Date) => ({
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(explored.signing).sign(id, at, body),
  })
  const send = (headers: Record<string, string>, data = body) => request.post(incoming(), { headers, data })
  const first = await send(signed('wh-1', new Date()))
  expect(first.status()).toBe(202)
  const again = await (await send(signed('wh-1', new Date()))).json()
  expect(again).toMatchObject({ id: (await first.json()).id, duplicate: true })
  const old = new Date(Date.now() - 6 * 60_000)
  expect(await refusal(await send(signed('wh-2', old)))).toBe('401 bad_signature')
  expect(await refusal(await send(signed('wh-3', new Date()), `${body} `))).toBe('401 bad_signature')
})

test('the state of a message is told to the keys of its own channel only', async ({ request }) => {
  const { id } = await (await post(request, { sender: ada, body: 'Mine' })).json()
  const stranger = await request.get(`/api/channels/${explored.channelKey}/messages/${id}`)
  expect(await refusal(stranger)).toBe('401 unauthenticated')
  expect(await refusal(await statusOf(request, '01890a5d-ac96-774b-bcce-b302099a8057'))).toBe('404 not_found')
})

test('a reply that Front signed is taken once; a forged one is refused and shown among the requests', async ({
  page,
  context,
  server,
  db,
  request,
}) => {
  const body = JSON.stringify(frontReply({ recipients: [{ handle: 'visitor-out', role: 'to', name: null }] }))
  const call = (secret: string) =>
    request.post(outgoing(), { headers: { ...JSON_TYPE, 'x-front-signature': signCustom(body, secret) }, data: body })
  expect(await refusal(await call('not the secret'))).toBe('401 bad_signature')
  const taken = await (await call(explored.front.secret)).json()
  expect(taken).toMatchObject({ status: 'accepted', duplicate: false })
  expect(await (await call(explored.front.secret)).json()).toEqual({ ...taken, duplicate: true })

  await signInAs('viewer', { server, db, context })
  await page.goto('/requests')
  await page.getByRole('link', { name: 'Front’s signature did not match' }).click()
  await expect(page.getByRole('heading', { name: 'Front’s signature did not match', level: 1 })).toBeVisible()
  await expect(page.getByText('Status 401')).toBeVisible()
  await expect(page.getByText(/The signature does not match: check the API secret/).first()).toBeVisible()
})

// The last one: a server remembers for a while whom it told to wait.
test('somebody who keeps coming with a wrong key is told to wait', async ({ request }) => {
  const stranger = () => post(request, { sender: ada, body: 'Let me in' }, { authorization: 'Bearer pbk_wrong' })
  const answers = await Promise.all(Array.from({ length: 14 }, stranger))
  const statuses = answers.map((answer) => answer.status())
  // Ten at once, of which the tests before have used some, and one more in ten seconds.
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(2)
  expect(statuses.filter((status) => status === 401 || status === 429)).toHaveLength(14)
})
