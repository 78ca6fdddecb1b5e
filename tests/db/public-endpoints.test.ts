import { eq, sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { insertFiles } from '#db/queries/files'
import { takeTurn } from '#db/queries/throttles'
import { attempts } from '#db/schema/attempts'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'
import { throttles } from '#db/schema/throttles'
import type { Pass } from '#lib/delivery/drain'
import { cronDrainEndpoint, cronUpkeepEndpoint } from '#lib/endpoints/cron'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { downloadFileEndpoint } from '#lib/endpoints/download-file'
import { makeFileLink } from '#lib/endpoints/file-links'
import { healthEndpoint } from '#lib/endpoints/health'
import { verifySealingKey } from '#lib/flows/verify-key'
import { sealingKeys } from '#lib/secrets'
import { call, doorDeps, frontReply, KEYS, openChannelDoor, postIncoming, postOutgoing } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const get = (path: string, headers: Record<string, string> = {}) => new Request(`http://localhost${path}`, { headers })

test('the provider reads what became of its message, by the same key', async () => {
  const door = await openChannelDoor(db)
  const { json: sent } = await postIncoming(deps, door, { sender: { handle: 'ada' }, body: 'Hi', external_id: 'e1' })
  const now = new Date()
  await db.update(deliveries).set({ status: 'delivered', attempts: 1 }).where(eq(deliveries.id, sent.id))
  await db
    .update(messages)
    .set({ frontState: 'confirmed', messageUid: 'uid_1', frontMessageId: 'msg_1', frontConversationId: 'cnv_1' })
    .where(eq(messages.id, sent.id))
  const attempt = {
    id: newId(),
    deliveryId: sent.id,
    n: 1,
    startedAt: now,
    responseStatus: 202,
    outcome: 'delivered' as const,
  }
  await db.insert(attempts).values({ ...attempt, requestHeaders: { authorization: 'secret' } })
  const authorization = `Bearer ${door.bearer}`
  const answer = await call(deps, `/api/channels/${door.channel.key}/messages/${sent.id}`, {
    method: 'GET',
    headers: { authorization },
  })

  expect(answer.status).toBe(200)
  expect(answer.json).toMatchObject({
    id: sent.id,
    external_id: 'e1',
    state: 'delivered',
    attempts: 1,
    message_uid: 'uid_1',
    front: { state: 'confirmed', message_id: 'msg_1', conversation_id: 'cnv_1' },
    recent_attempts: [{ n: 1, outcome: 'delivered', response_status: 202 }],
  })
  expect(JSON.stringify(answer.json)).not.toContain('secret')
})

test('a message of another channel, and what is no id, are not there', async () => {
  const [mine, other] = [await openChannelDoor(db), await openChannelDoor(db)]
  const { json } = await postIncoming(deps, other, { sender: { handle: 'ada' }, body: 'Hi' })
  const headers = { authorization: `Bearer ${mine.bearer}` }
  const ask = (id: string) => call(deps, `/api/channels/${mine.channel.key}/messages/${id}`, { method: 'GET', headers })

  expect((await ask(json.id)).status).toBe(404)
  expect((await ask('nonsense')).status).toBe(404)
  const stranger = { authorization: 'Bearer pbk_wrong' }
  expect(
    (await call(deps, `/api/channels/${mine.channel.key}/messages/${json.id}`, { method: 'GET', headers: stranger }))
      .status,
  ).toBe(401)
})

async function replyWithFile() {
  const door = await openChannelDoor(db)
  const file = {
    id: 'fil_1',
    filename: 'Rechnung "März".html',
    url: 'https://evil.example/x',
    content_type: 'text/html',
    size: 5,
  }
  const { json } = await postOutgoing(deps, door, frontReply({ attachments: [file] }))
  return json.id as string
}

const inAnHour = () => new Date(Date.now() + 3_600_000)
const tokenOf = (link: string) => link.slice(link.lastIndexOf('/') + 1)

test('a link streams the file from Front, token to Front alone, and no browser runs it', async () => {
  const messageId = await replyWithFile()
  const asked: { url: string; headers: Record<string, string> }[] = []
  const answerOf = (status: number, headers: Record<string, string>, text: string) => ({
    status,
    headers,
    body: new Blob([text]).stream(),
  })
  const open: EndpointDeps['open'] = async (request) => {
    asked.push(request)
    if (asked.length > 1) return answerOf(200, { 'content-length': '5' }, 'hello')
    return answerOf(302, { location: 'https://storage.example/f' }, '')
  }
  const link = makeFileLink(deps, { messageId, index: 0, expiresAt: inAnHour() })
  expect(link).toMatch(/^https:\/\/patchbay\.example\/api\/files\/[\w.-]+$/)
  const answer = await downloadFileEndpoint(get('/'), { token: tokenOf(link) }, { ...deps, open })

  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('hello')
  expect(asked.map(({ url }) => url)).toEqual([
    'https://front.example/messages/msg_1/download/fil_1',
    'https://storage.example/f',
  ])
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer front-token', undefined])
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-disposition': `attachment; filename="Rechnung _M_rz_.html"; filename*=UTF-8''Rechnung%20%22M%C3%A4rz%22.html`,
    'content-security-policy': "default-src 'none'; sandbox",
    'content-length': '5',
    'content-type': 'text/html',
    'x-content-type-options': 'nosniff',
  })
})

test('a link to a file that a provider sent gives its bytes', async () => {
  const door = await openChannelDoor(db)
  const { json } = await postIncoming(deps, door, { sender: { handle: 'ada' }, body: 'Hi' })
  const file = { id: newId(), messageId: json.id, filename: 'a.txt', contentType: 'text/plain', size: 3 }
  await insertFiles(db, [{ ...file, bytes: Buffer.from('abc') }])
  await db
    .update(messages)
    .set({ attachments: [{ ...file, fileId: file.id }] })
    .where(eq(messages.id, json.id))
  const token = tokenOf(makeFileLink(deps, { messageId: json.id, index: 0, expiresAt: inAnHour() }))
  expect(await (await downloadFileEndpoint(get('/'), { token }, deps)).text()).toBe('abc')
})

test('a link that has expired, was changed, or leads nowhere opens nothing', async () => {
  const messageId = await replyWithFile()
  const link = (more: object) => tokenOf(makeFileLink(deps, { messageId, index: 0, expiresAt: inAnHour(), ...more }))
  const statusOf = async (token: string) => {
    const answer = await downloadFileEndpoint(get('/'), { token }, deps)
    return { status: answer.status, code: (await answer.json()).error.code }
  }

  expect(await statusOf(link({ expiresAt: new Date(Date.now() - 1000) }))).toEqual({ status: 410, code: 'gone' })
  const [id, , ...rest] = link({}).split('.')
  expect(await statusOf([id, '1', ...rest].join('.'))).toEqual({ status: 404, code: 'not_found' })
  expect(await statusOf('nonsense')).toEqual({ status: 404, code: 'not_found' })
  expect(await statusOf(link({ index: 7 }))).toEqual({ status: 404, code: 'not_found' })
  expect(await statusOf(link({ messageId: newId() }))).toEqual({ status: 404, code: 'not_found' })
})

test('a file that Front cannot give is a typed refusal', async () => {
  const token = tokenOf(makeFileLink(deps, { messageId: await replyWithFile(), index: 0, expiresAt: inAnHour() }))
  const open: EndpointDeps['open'] = async () => ({ status: 404, headers: {}, body: new Blob([]).stream() })
  const answer = await downloadFileEndpoint(get('/'), { token }, { ...deps, open })
  expect(answer.status).toBe(404)
})

test('health tells by status and by part what is missing, and no more', async () => {
  await verifySealingKey(db, KEYS)
  const well = await healthEndpoint(get('/api/health'), deps)
  expect(well.status).toBe(200)
  expect(await well.json()).toEqual({ status: 'ok', checks: { database: 'ok', migrations: 'ok', key: 'ok' } })

  const keys = sealingKeys(Buffer.alloc(32).toString('base64'), '')
  const wrongKey = await healthEndpoint(get('/api/health'), { ...deps, keys })
  expect(wrongKey.status).toBe(503)
  expect(await wrongKey.json()).toEqual({
    status: 'failed',
    checks: { database: 'ok', migrations: 'ok', key: 'failed' },
  })

  const other = await testDatabase({ max: 2 })
  await other.db.execute(
    sql`delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`,
  )
  const behind = await healthEndpoint(get('/api/health'), { ...deps, db: other.db })
  await other.close()
  expect(await behind.json()).toMatchObject({ checks: { database: 'ok', migrations: 'failed', key: 'unknown' } })

  const gone = await healthEndpoint(get('/api/health'), { ...deps, db: other.db })
  expect(gone.status).toBe(503)
  expect(await gone.json()).toMatchObject({ checks: { database: 'failed' } })
})

test('the cron routes are closed without a secret and open only with it', async () => {
  const cronSecret = 'a-secret-of-some-length'
  const deadlines: Date[] = []
  const drain = async ({ deadline }: Pass) => void deadlines.push(deadline)
  const open = { ...deps, cronSecret, drain }
  const right = get('/', { authorization: `Bearer ${cronSecret}` })

  expect((await cronDrainEndpoint(right, deps)).status).toBe(404)
  expect((await cronDrainEndpoint(get('/'), open)).status).toBe(401)
  expect((await cronDrainEndpoint(get('/', { authorization: 'Bearer wrong' }), open)).status).toBe(401)
  expect(deadlines).toEqual([])
  expect((await cronDrainEndpoint(right, open)).status).toBe(200)
  expect(deadlines).toHaveLength(1)
})

test('upkeep forgets limiters whose time has passed and keeps the others', async () => {
  await takeTurn(db, { key: 'waiting', everyMs: 3_600_000, burst: 1 })
  await db.insert(throttles).values({ key: 'passed', tat: new Date(Date.now() - 1000) })
  const cronSecret = 'a-secret-of-some-length'
  const answer = await cronUpkeepEndpoint(get('/', { authorization: `Bearer ${cronSecret}` }), { ...deps, cronSecret })
  const keys = (await db.select().from(throttles)).map((row) => row.key)

  expect(answer.status).toBe(200)
  expect(keys).toContain('waiting')
  expect(keys).not.toContain('passed')
})
