import { asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { signWebhook } from '#lib/provider/signature'
import { call, doorDeps, openChannelDoor, postIncoming } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const HELLO = { sender: { handle: 'ada' }, body: 'Hello' }
const FORM = 'multipart/form-data; boundary=b'

const requestsOf = (channelId: string) =>
  db.select().from(requests).where(eq(requests.channelId, channelId)).orderBy(asc(requests.id))

type Door = Awaited<ReturnType<typeof openChannelDoor>>
type Case = {
  status: number
  code: string
  /** Paths that the details name. */
  paths?: string[]
  channel?: Parameters<typeof openChannelDoor>[1]
  message?: unknown
  headers?: Record<string, string> | ((door: Door) => Record<string, string>)
}

const refusals: Record<string, Case> = {
  'a body that is no JSON': { status: 400, code: 'bad_request', message: '{"sender":' },
  'an empty body': { status: 400, code: 'bad_request', message: '' },
  'a form that breaks off': {
    status: 400,
    code: 'bad_request',
    message: '--b\r\nContent-',
    headers: { 'content-type': FORM },
  },
  'a form without a boundary': { status: 400, code: 'bad_request', headers: { 'content-type': 'multipart/form-data' } },
  'a form of very many parts': {
    status: 400,
    code: 'bad_request',
    message: '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n'.repeat(400),
    headers: { 'content-type': FORM },
  },
  'JSON nested without end': {
    status: 400,
    code: 'bad_request',
    message: `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  },
  'no key': { status: 401, code: 'unauthenticated', headers: { authorization: '' } },
  'a wrong key': { status: 401, code: 'unauthenticated', headers: { authorization: 'Bearer pbk_wrong' } },
  'a key that is no bearer key': { status: 401, code: 'unauthenticated', headers: { authorization: 'Basic YTpi' } },
  'a content type that is not taken': {
    status: 415,
    code: 'unsupported_media_type',
    headers: { 'content-type': 'text/xml' },
  },
  'another encoding than UTF-8': {
    status: 415,
    code: 'unsupported_media_type',
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
  },
  'a compressed body': { status: 415, code: 'unsupported_media_type', headers: { 'content-encoding': 'gzip' } },
  'JSON beyond 4 MB': { status: 413, code: 'payload_too_large', message: { ...HELLO, body: 'x'.repeat(4_000_000) } },
  'more than the channel takes': {
    status: 413,
    code: 'payload_too_large',
    channel: { maxBodyBytes: 1000 },
    message: { ...HELLO, body: 'x'.repeat(1000) },
  },
  'a form beyond what the channel takes': {
    status: 413,
    code: 'payload_too_large',
    channel: { maxBodyBytes: 1000 },
    message: 'x'.repeat(1001),
    headers: { 'content-type': FORM },
  },
  'every bad field at once': {
    status: 422,
    code: 'invalid_input',
    paths: ['sender.handle', 'body_format', 'sent_at', 'metadata.thread_ref'],
    message: { sender: { handle: '' }, body: 'x', body_format: 'rtf', sent_at: 'soon', metadata: { thread_ref: 5 } },
  },
  'a message without a sender': { status: 422, code: 'invalid_input', paths: ['sender'], message: { body: 'x' } },
  'a message that is no object': { status: 422, code: 'invalid_input', message: '[1,2]' },
  'files inside JSON': {
    status: 422,
    code: 'invalid_input',
    paths: ['attachments'],
    message: { ...HELLO, attachments: ['x'] },
  },
  'a handle that is no phone number': {
    status: 422,
    code: 'invalid_input',
    paths: ['sender.handle'],
    channel: { contactType: 'phone' },
    message: { ...HELLO, sender: { handle: '12' } },
  },
  'a phone number without its country': {
    status: 422,
    code: 'invalid_input',
    paths: ['sender.handle'],
    channel: { contactType: 'phone' },
    message: { ...HELLO, sender: { handle: '0612345678' } },
  },
  'a handle that is no e-mail address': {
    status: 422,
    code: 'invalid_input',
    paths: ['sender.handle'],
    channel: { contactType: 'email' },
  },
  'a conversation that the provider did not name': {
    status: 422,
    code: 'invalid_input',
    paths: ['conversation_key'],
    channel: { threading: { type: 'provider' } },
  },
  'an Idempotency-Key that is too long': {
    status: 422,
    code: 'invalid_input',
    paths: ['Idempotency-Key'],
    headers: { 'idempotency-key': 'x'.repeat(201) },
  },
}

for (const [what, { status, code, paths, channel, message = HELLO, headers = {} }] of Object.entries(refusals)) {
  test(`refuses ${what} with ${status} and keeps the call`, async () => {
    const door = await openChannelDoor(db, channel)
    const answer = await postIncoming(deps, door, message, typeof headers === 'function' ? headers(door) : headers)

    expect(answer.status).toBe(status)
    expect(answer.json).toEqual({ error: { code, message: expect.any(String), details: expect.any(Array) } })
    if (paths)
      expect(answer.json.error.details.map((one: { path: string }) => one.path)).toEqual(expect.arrayContaining(paths))
    const kept = await requestsOf(door.channel.id)
    expect(kept).toMatchObject([{ status, code, ip: '192.0.2.7', direction: 'inbound', method: 'POST' }])
    expect(JSON.stringify(kept)).not.toContain(door.bearer)
    expect(await db.select().from(messages).where(eq(messages.channelId, door.channel.id))).toEqual([])
  })
}

test('an unknown and an archived channel are equally not there, and nothing is kept', async () => {
  const archived = await openChannelDoor(db, { archivedAt: new Date() })
  const unknown = { ...archived, channel: { ...archived.channel, key: 'ch_unknown' } }
  const answers = [await postIncoming(deps, archived, HELLO), await postIncoming(deps, unknown, HELLO)]

  expect(answers.map(({ status }) => status)).toEqual([404, 404])
  expect(answers[0]?.json).toEqual(answers[1]?.json)
  expect(await requestsOf(archived.channel.id)).toEqual([])
})

const signatures: Record<
  string,
  (signed: Record<string, string>, other: Record<string, string>) => Record<string, string>
> = {
  'of another secret': (_signed, other) => other,
  'of another id': (signed) => ({ ...signed, 'webhook-id': 'call-2' }),
  'without its time': ({ 'webhook-timestamp': _time, ...rest }) => rest,
  'of another time': (signed) => ({ ...signed, 'webhook-timestamp': String(Number(signed['webhook-timestamp']) + 1) }),
}
for (const [what, change] of Object.entries(signatures)) {
  test(`refuses a signature ${what}`, async () => {
    const { channel, signing } = await openChannelDoor(db)
    const body = JSON.stringify(HELLO)
    const sign = (secret: string) => ({ ...signWebhook({ id: 'call-1', body, secrets: [secret], now: new Date() }) })
    const headers = { 'content-type': 'application/json', ...change(sign(signing), sign(`whsec_${'A'.repeat(44)}`)) }
    const answer = await call(deps, `/api/channels/${channel.key}/incoming`, { headers, body })

    expect(answer.status).toBe(401)
    expect(answer.json.error.code).toBe('bad_signature')
  })
}

test('a signature that is older than five minutes opens nothing', async () => {
  const { channel, signing } = await openChannelDoor(db)
  const body = JSON.stringify(HELLO)
  const signed = signWebhook({ id: 'call-1', body, secrets: [signing], now: new Date(Date.now() - 301_000) })
  const headers = { 'content-type': 'application/json', ...signed }
  expect((await call(deps, `/api/channels/${channel.key}/incoming`, { headers, body })).status).toBe(401)
})

test('a channel with a limit answers 429 with a wait once it is used up', async () => {
  const door = await openChannelDoor(db, { requestsPerMinute: 3 })
  const answers = []
  for (let n = 0; n < 4; n += 1) answers.push(await postIncoming(deps, door, { ...HELLO, body: `message ${n}` }))

  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429])
  const wait = Number(answers[3]?.headers.get('retry-after'))
  expect(wait).toBeGreaterThanOrEqual(1)
  expect(wait).toBeLessThanOrEqual(20)
})

test('somebody with wrong keys is soon told to wait, while others are not', async () => {
  const door = await openChannelDoor(db)
  const stranger = { ...door, bearer: 'pbk_wrong' }
  const answers = []
  for (let n = 0; n < 12; n += 1) answers.push(await postIncoming(deps, stranger, HELLO))

  expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429, 429])
  expect(Number(answers[11]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(await requestsOf(door.channel.id)).toHaveLength(10)
  expect((await postIncoming(deps, stranger, HELLO, { 'x-forwarded-for': '192.0.2.8' })).status).toBe(401)
  expect((await postIncoming(deps, door, HELLO)).status).toBe(202)
})

test('refusals of one channel stop being kept before they fill the log', async () => {
  const door = await openChannelDoor(db)
  await Promise.all(Array.from({ length: 120 }, (_, n) => postIncoming(deps, door, { body: `no sender ${n}` })))
  const kept = await requestsOf(door.channel.id)

  expect(kept.length).toBeGreaterThanOrEqual(60)
  expect(kept.length).toBeLessThan(120)
})

test('a kept call shows the start of its body, masked headers and its size', async () => {
  const door = await openChannelDoor(db)
  const body = JSON.stringify({ body: `\u0000${'x'.repeat(10_000)}` })
  await postIncoming(deps, door, body, { 'x-note': 'n'.repeat(5000), cookie: 'a=secret', 'x-api-key': 'secret' })
  const [kept] = await requestsOf(door.channel.id)

  expect(kept?.bodyExcerpt).toBe(body.slice(0, 4096))
  expect(kept?.bodyBytes).toBe(body.length)
  expect(kept?.headers).toMatchObject({ authorization: 'Bearer [masked]', cookie: '[masked]', 'x-api-key': '[masked]' })
  expect(kept?.headers['x-note']).toHaveLength(1000)
  expect(kept?.details).toContainEqual({ path: 'sender', message: expect.any(String) })
})

test('a body is not read to its end when it is too large or nobody may send it', async () => {
  const door = await openChannelDoor(db, { maxBodyBytes: 100_000 })
  const upload = () => {
    let sent = 0
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 10_000
        controller.enqueue(new Uint8Array(10_000).fill(120))
        if (sent >= 50_000_000) controller.close()
      },
    })
    return { body, sent: () => sent }
  }
  const send = (bearer: string, body: ReadableStream) =>
    call(deps, `/api/channels/${door.channel.key}/incoming`, {
      headers: { authorization: `Bearer ${bearer}`, 'content-type': FORM },
      body,
    })
  const [known, stranger] = [upload(), upload()]

  expect((await send(door.bearer, known.body)).status).toBe(413)
  expect(known.sent()).toBeLessThan(200_000)
  expect((await send('pbk_wrong', stranger.body)).status).toBe(401)
  expect(stranger.sent()).toBeLessThan(50_000)
})

test('a broken rule is our own fault and gives nothing away', async () => {
  const door = await openChannelDoor(db, { threading: { type: 'nonsense' } })
  const answer = await postIncoming(deps, door, HELLO)

  expect(answer.status).toBe(500)
  expect(answer.json.error).toMatchObject({ code: 'internal_error', details: [] })
  expect(JSON.stringify(answer.json)).not.toContain('nonsense')
})

test('without a database the answer is 503 and says to send it again', async () => {
  const door = await openChannelDoor(db)
  const gone = await testDatabase({ max: 2 })
  await gone.close()
  const answer = await postIncoming(doorDeps(gone.db), door, HELLO)

  expect(answer.status).toBe(503)
  expect(answer.json.error.code).toBe('unavailable')
  expect(answer.headers.get('retry-after')).toBe('5')
})
