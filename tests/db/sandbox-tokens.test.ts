import { SignJWT } from 'jose'
import { afterAll, describe, expect, test } from 'vitest'
import { listSandboxCalls } from '#db/queries/sandbox-calls'
import { updateSandboxChannel } from '#db/queries/sandbox-channels'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { testDatabase } from '#tests/support/postgres'
import { createSandboxChannel, START, testSandbox } from '#tests/support/sandbox'
import { APP_SECRET, callAs, channelToken, createAppChannel } from '#tests/support/sandbox-apps'

const database = await testDatabase()
afterAll(database.close)
const sandbox = testSandbox(database)
const { call } = sandbox
await putSandboxSettings(database.db, { visibleDelayMs: 0, requestsPerMinute: 0 })
const { channel, app } = await createAppChannel(sandbox)
const { channel: other } = await createAppChannel(sandbox)
const startS = Math.floor(START.getTime() / 1000)
const status = { json: { status: 'ok' } }

type Claims = { iss?: string; sub?: string; jti?: string; exp?: number }
let ids = 0

function sign(claims: Claims, { secret = APP_SECRET, alg = 'HS256' } = {}): Promise<string> {
  ids += 1
  const full = { iss: app.uid, sub: channel.id, jti: `own-${ids}`, exp: startS + 20, ...claims }
  return new SignJWT(JSON.parse(JSON.stringify(full)))
    .setProtectedHeader({ alg, typ: 'JWT' })
    .sign(new TextEncoder().encode(secret))
}

const refused: Record<string, () => Promise<string>> = {
  'another algorithm': () => sign({}, { alg: 'HS512' }),
  'the secret of something else': () => sign({}, { secret: 'the OAuth client secret' }),
  'an app that nobody knows': () => sign({ iss: 'nobody' }),
  'no issuer': () => sign({ iss: undefined }),
  'the channel of another app': () => sign({ sub: other.id }),
  'a channel’s address instead of its id': () => sign({ sub: channel.address }),
  'no channel': () => sign({ sub: undefined }),
  'no id of its own': () => sign({ jti: undefined }),
  'no end': () => sign({ exp: undefined }),
  'an end that is past': () => sign({ exp: startS }),
  'an end more than 30 seconds from now': () => sign({ exp: startS + 32 }),
  'no token at all': async () => '',
  'something that is no token': async () => 'a.b.c',
}

describe('a channel token', () => {
  for (const [what, token] of Object.entries(refused)) {
    test(`is refused with ${what}`, async () => {
      const answer = await call('PATCH', `/channels/${channel.id}`, { ...status, token: await token() })
      expect(answer.status).toBe(401)
      expect(answer.json._error.message).toBe('JSON Web Token error')
    })
  }

  test('is good for one call', async () => {
    const token = await channelToken(channel)
    const statuses = [1, 2].map(() => call('PATCH', `/channels/${channel.id}`, { ...status, token }))
    expect((await Promise.all(statuses)).map((answer) => answer.status).sort()).toEqual([204, 401])
  })

  test('opens its own channel only', async () => {
    const answer = await callAs(sandbox, channel)('PATCH', `/channels/${other.id}`, status)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('x-sandbox-warning')).toContain(`The token is for ${channel.id}`)
  })

  test('opens its channel by the channel’s address too', async () => {
    const path = `/channels/${encodeURIComponent(`alt:address:${channel.address}`)}`
    expect((await callAs(sandbox, channel)('PATCH', path, status)).status).toBe(204)
  })

  test('opens nothing once the channel is deleted', async () => {
    const { channel: gone } = await createAppChannel(sandbox)
    await updateSandboxChannel(database.db, gone.id, { deletedAt: START })
    expect((await callAs(sandbox, gone)('PATCH', `/channels/${gone.id}`, status)).status).toBe(401)
  })

  test('tells in the log, and nowhere else, why it was refused', async () => {
    const token = await sign({}, { secret: 'wrong' })
    await call('PATCH', `/channels/${channel.id}`, { ...status, token })
    const [logged] = await listSandboxCalls(database.db, 1)
    expect(logged).toMatchObject({ status: 401, warnings: [expect.stringContaining('OAuth client secret')] })
  })
})

const companyOnly = ['GET /me', 'GET /inboxes', 'GET /channels', `GET /channels/${channel.id}`, 'GET /download/fil_1']
for (const route of companyOnly) {
  test(`${route} takes an API token and no channel token`, async () => {
    const [method = '', path = ''] = route.split(' ')
    expect((await callAs(sandbox, channel)(method, path)).status).toBe(403)
  })
}

const channelOnly = [
  'POST inbound_messages',
  'POST outbound_messages',
  'PUT conversations/c/messages/m/status',
  'PUT application_message_templates',
  'PATCH application_message_templates/t',
  'POST calls',
  'PATCH calls/c',
  'POST calls/c/recording',
  'POST calls/c/summary',
  'POST calls/c/transcript',
]
for (const route of channelOnly) {
  test(`${route} takes a channel token and no API token`, async () => {
    const [method = '', path = ''] = route.split(' ')
    const answer = await call(method, `/channels/${channel.id}/${path}`, { json: {} })
    expect(answer.status).toBe(403)
    expect((await callAs(sandbox, channel)(method, `/channels/${channel.id}/${path}`, { json: {} })).status).not.toBe(
      403,
    )
  })
}

test('the intake of custom channels refuses application channels, and a custom channel has no channel token', async () => {
  const json = { sender: { handle: 'ada' }, body: 'Hi', body_format: 'html' }
  const answer = await call('POST', `/channels/${channel.id}/incoming_messages`, { json })
  expect([answer.status, answer.json._error.message]).toEqual([400, expect.stringContaining('application channel')])
  const custom = await createSandboxChannel(sandbox)
  const token = await sign({ sub: custom.id })
  expect((await call('PATCH', `/channels/${custom.id}`, { ...status, token })).status).toBe(401)
})
