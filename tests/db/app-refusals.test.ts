import { asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { channels } from '#db/schema/channels'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { signCustom } from '#lib/front/signature'
import { type Connected, callApp, connectedApp, messageEvent } from '#tests/support/app-door'
import { APP_SECRET } from '#tests/support/applications'
import { doorDeps } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const requestsOf = (appId: string) =>
  db.select().from(requests).where(eq(requests.appId, appId)).orderBy(asc(requests.id))
const messagesOf = (channelId: string) => db.select().from(messages).where(eq(messages.channelId, channelId))

type Send = (front: Connected) => ReturnType<typeof callApp>
type Refusal = [
  what: string,
  send: Send,
  answer: { status: number; type: string },
  kept: { code: string; told: RegExp },
]

const text = JSON.stringify(messageEvent())
const fiveMinutes = 5 * 60_000
const unsigned = { status: 401, type: 'authentication_required' }

test.each<Refusal>([
  [
    'no signature',
    (front) => callApp(deps, front, text, { headers: { 'x-front-signature': '' } }),
    unsigned,
    { code: 'bad_signature', told: /no X-Front-Signature/ },
  ],
  [
    'another secret, such as the OAuth client secret',
    (front) => callApp(deps, front, text, { secret: 'oauth client secret' }),
    unsigned,
    { code: 'bad_signature', told: /app secret.*not the OAuth client secret/ },
  ],
  [
    'a signature by SHA-1',
    (front) => callApp(deps, front, text, { headers: { 'x-front-signature': signCustom(text, APP_SECRET) } }),
    unsigned,
    { code: 'bad_signature', told: /HMAC-SHA256/ },
  ],
  [
    'a time too long ago',
    (front) => callApp(deps, front, text, { at: new Date(Date.now() - fiveMinutes - 5000) }),
    unsigned,
    { code: 'bad_signature', told: /more than five minutes/ },
  ],
  [
    'a time too far ahead, in seconds',
    (front) => callApp(deps, front, text, { at: new Date(Date.now() + fiveMinutes + 5000), unit: 's' }),
    unsigned,
    { code: 'bad_signature', told: /more than five minutes/ },
  ],
  [
    'no time',
    (front) => callApp(deps, front, text, { headers: { 'x-front-request-timestamp': '' } }),
    unsigned,
    { code: 'bad_signature', told: /not a number/ },
  ],
  [
    'a changed body',
    (front) => callApp(deps, front, text.replace('Hello', 'Hullo'), { signed: text }),
    unsigned,
    { code: 'bad_signature', told: /does not match/ },
  ],
  [
    'a POST with a body that was signed as undefined',
    (front) => callApp(deps, front, text, { signed: 'undefined' }),
    unsigned,
    { code: 'bad_signature', told: /does not match/ },
  ],
  [
    'no JSON',
    (front) => callApp(deps, front, '{"type":"message"'),
    { status: 400, type: 'bad_request' },
    { code: 'bad_request', told: /cannot be read as JSON/ },
  ],
  [
    'no event',
    (front) => callApp(deps, front, '[1]'),
    { status: 400, type: 'bad_request' },
    { code: 'bad_request', told: /no event/ },
  ],
  [
    'a message without an id',
    (front) => callApp(deps, front, { type: 'message', payload: {} }),
    { status: 400, type: 'bad_request' },
    { code: 'invalid_input', told: /not a “message” as Front sends it/ },
  ],
  [
    'a message by DELETE',
    (front) => callApp(deps, front, text, { method: 'DELETE' }),
    { status: 400, type: 'bad_request' },
    { code: 'bad_request', told: /DELETE removes a channel/ },
  ],
  [
    'a body that is too large',
    (front) => callApp(deps, front, 'x'.repeat(10_000_001)),
    { status: 400, type: 'bad_request' },
    { code: 'payload_too_large', told: /larger than 10 MB/ },
  ],
  [
    'a channel that is not there',
    (front) => callApp(deps, front, text, { channelKey: 'ch_nobody' }),
    { status: 200, type: 'not_found' },
    { code: 'not_found', told: /no channel at this address/ },
  ],
])('refuses %s, stores nothing and keeps the reason', async (_what, send, answer, kept) => {
  const front = await connectedApp(db, deps)
  const { status, json } = await send(front)
  expect({ status, type: json.type }).toEqual(answer)
  expect(await messagesOf(front.channel.id)).toEqual([])
  const [request] = await requestsOf(front.app.id)
  expect(request).toMatchObject({ code: kept.code, status: answer.status, direction: 'outbound' })
  expect(request?.message).toMatch(kept.told)
})

test('no refusal tells a stranger what exactly was wrong with the signature', async () => {
  const front = await connectedApp(db, deps)
  const answers = [
    await callApp(deps, front, text, { secret: 'wrong' }),
    await callApp(deps, front, text, { headers: { 'x-front-signature': '' } }),
    await callApp(deps, front, text, { at: new Date(0) }),
  ]
  expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1)
})

test('a channel of another app is not there under this one', async () => {
  const [front, other] = [await connectedApp(db, deps), await connectedApp(db, deps)]
  const answer = await callApp(deps, front, text, { channelKey: other.channel.key })
  expect(answer.json.type).toBe('not_found')
  expect(await messagesOf(other.channel.id)).toEqual([])
})

test('an unknown or archived app answers 404 and keeps nothing', async () => {
  const front = await connectedApp(db, deps)
  const before = await db.select().from(requests)
  const answer = await callApp(deps, { ...front, app: { ...front.app, key: 'app_nobody' } }, text)
  expect(answer).toMatchObject({ status: 404, json: { type: 'not_found' } })
  expect(await db.select().from(requests)).toHaveLength(before.length)
})

test.each(['GET', 'PUT', 'PATCH', 'HEAD'])('%s is not taken', async (method) => {
  const front = await connectedApp(db, deps)
  const answer = await callApp(deps, front, null, { method })
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('POST, DELETE')
})

test('a stranger who keeps trying is told to wait, and fills neither log nor database', async () => {
  const front = await connectedApp(db, deps)
  const answers = await Promise.all(
    Array.from({ length: 90 }, (_, n) =>
      callApp(deps, front, text, { secret: 'wrong', headers: { 'x-forwarded-for': `192.0.2.${n % 9}` } }),
    ),
  )
  expect(answers.filter(({ status }) => status === 429).every(({ json }) => json.type === 'too_many_requests')).toBe(
    true,
  )
  const again = await callApp(deps, front, text, { secret: 'wrong', headers: { 'x-forwarded-for': '192.0.2.1' } })
  expect(again).toMatchObject({ status: 429, json: { type: 'too_many_requests' } })
  expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await requestsOf(front.app.id)).length).toBeLessThanOrEqual(61)
})

test('Front itself is let in while a stranger is told to wait', async () => {
  const front = await connectedApp(db, deps)
  for (let n = 0; n < 12; n += 1) await callApp(deps, front, text, { secret: 'wrong' })
  expect((await callApp(deps, front, messageEvent())).json.type).toBe('success')
  const [channel] = await db.select().from(channels).where(eq(channels.id, front.channel.id))
  expect(channel?.disconnectedAt).toBeNull()
})

test('a key that has ended is told each time, however often Front comes with it', async () => {
  const front = await connectedApp(db, deps)
  const types = new Set<string>()
  for (let n = 0; n < 15; n += 1) types.add((await callApp(deps, front, messageEvent(), { key: 'pbc_old' })).json.type)
  expect([...types]).toEqual(['authentication_required'])
})
