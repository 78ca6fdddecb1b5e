import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { findSandboxChannel, listSandboxChannels } from '#db/queries/sandbox-channels'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { sharesRoot } from '#lib/sandbox/apps/authorize'
import { connectAddress, connectByCredentials, reauthorizeChannel } from '#lib/sandbox/apps/connect'
import { testDatabase } from '#tests/support/postgres'
import { testSandbox } from '#tests/support/sandbox'
import { createAppChannel, createSandboxApp, eventOf, SERVER_URL, WEBHOOK_URL } from '#tests/support/sandbox-apps'

const database = await testDatabase()
afterAll(database.close)
const { db } = database
const sandbox = testSandbox(database)
const { deps, sent, script, call, catchUp } = sandbox
await putSandboxSettings(db, { visibleDelayMs: 0, requestsPerMinute: 0 })

const welcome = { json: { type: 'success', webhook_url: WEBHOOK_URL } }
const key = { access_token: 'connect-key' }

beforeEach(() => {
  sent.length = 0
  script.answer = () => welcome
})

function wish(appUid: string) {
  return { appUid, inboxId: 'inb_sales', name: null }
}

test('a connect key makes a channel that the app’s server has authorized', async () => {
  const app = await createSandboxApp(sandbox)
  const made = await connectByCredentials(deps, { ...wish(app.uid), given: key })
  const [channel] = await listSandboxChannels(db, { appUid: app.uid })
  expect(made).toMatchObject({ kind: 'channel', channel: { id: channel?.id } })
  expect(channel).toMatchObject({ inboxId: 'inb_sales', name: app.name, webhookUrl: WEBHOOK_URL, status: 'ok' })
  expect(sent[0]).toMatchObject({ method: 'POST', url: SERVER_URL, headers: { authorization: 'Bearer connect-key' } })
  expect(eventOf(sent[0])).toEqual({ type: 'authorization', payload: { channel_id: channel?.id } })
})

const refusals: Record<string, [ReturnType<typeof script.answer>, string]> = {
  'a wrong key': [{ json: { type: 'authentication_required', message: 'Unknown key.' } }, 'Unknown key.'],
  'no webhook_url': [{ json: { type: 'success' } }, 'without a webhook_url'],
  'a webhook_url of another domain': [
    { json: { type: 'success', webhook_url: 'https://elsewhere.test/hook' } },
    'not at the root domain',
  ],
  'no answer': [null, 'did not answer'],
}
for (const [what, [answer, reason]] of Object.entries(refusals)) {
  test(`${what} makes no channel, and says why`, async () => {
    const app = await createSandboxApp(sandbox)
    script.answer = () => answer
    const connecting = connectByCredentials(deps, { ...wish(app.uid), given: key })
    await expect(connecting).rejects.toMatchObject({ message: expect.stringContaining(reason) })
    expect(await listSandboxChannels(db, { appUid: app.uid })).toEqual([])
  })
}

test('nothing is asked before everything is filled in', async () => {
  const app = await createSandboxApp(sandbox, { authMethod: 'basic' })
  const connecting = connectByCredentials(deps, { ...wish(app.uid), given: { username: 'ada' } })
  await expect(connecting).rejects.toMatchObject({ code: 'invalid_input' })
  expect(sent).toEqual([])
})

const basic = `Basic ${Buffer.from('ada:secret').toString('base64')}`
const forms: [string, Parameters<typeof createSandboxApp>[1], object, Record<string, string>][] = [
  ['no credential', { authMethod: 'none' }, {}, {}],
  ['a name and password', { authMethod: 'basic' }, { username: 'ada', password: 'secret' }, { authorization: basic }],
  ['an API key as a bearer token', { authMethod: 'api_key' }, { api_key: 'k' }, { authorization: 'Bearer k' }],
  [
    'an API key in a header of its own',
    { authMethod: 'api_key', credentialVariant: 'api_key_header' },
    { api_key: 'k' },
    { 'x-api-key': 'k' },
  ],
  [
    'an API key and nothing else',
    { authMethod: 'api_key', credentialVariant: 'bare' },
    { api_key: 'k' },
    { authorization: 'k' },
  ],
  [
    'an API key as the name of Basic',
    { authMethod: 'api_key', credentialVariant: 'basic' },
    { api_key: 'k' },
    { authorization: `Basic ${Buffer.from('k:').toString('base64')}` },
  ],
]
for (const [what, settings, given, headers] of forms) {
  test(`shows ${what}`, async () => {
    const app = await createSandboxApp(sandbox, settings)
    await connectByCredentials(deps, { ...wish(app.uid), given })
    const { authorization, 'x-api-key': apiKey } = sent[0]?.headers ?? {}
    expect(JSON.parse(JSON.stringify({ authorization, 'x-api-key': apiKey }))).toEqual(headers)
  })
}

describe('a shared connection', () => {
  const addresses = [
    { address: '+33100', name: 'Paris' },
    { address: '+44200', name: 'London' },
  ]

  async function connectShared() {
    const app = await createSandboxApp(sandbox, { credentials: 'shared' })
    script.answer = (request) => {
      const { type, payload } = eventOf(request)
      if (type !== 'list_addresses') return welcome
      const [first, second] = addresses
      const pagination = { next_page_token: 'two' }
      return payload
        ? { json: { type: 'success', addresses: [second] } }
        : { json: { type: 'success', addresses: [first], pagination } }
    }
    const connected = await connectByCredentials(deps, { ...wish(app.uid), given: key })
    return { app, credentialId: connected.kind === 'choose_address' ? connected.credentialId : '' }
  }

  test('reads all pages of addresses, and tells the server which one was chosen', async () => {
    const { app, credentialId } = await connectShared()
    const london = await connectAddress(deps, { credentialId, address: '+44200', inboxId: 'inb_support' })
    expect(london).toMatchObject({ name: 'London', address: '+44200', appUid: app.uid })
    expect(sent.map(eventOf)).toEqual([
      { type: 'list_addresses' },
      { type: 'list_addresses', payload: { page_token: 'two' } },
      { type: 'authorization', payload: { channel_id: london.id, address: '+44200', name: 'London' } },
    ])
    const paris = await connectAddress(deps, { credentialId, address: '+33100', inboxId: 'inb_support' })
    expect([paris.credentialId, paris.id === london.id]).toEqual([london.credentialId, false])
  })

  test('makes one channel of an address, and none of an address that is not listed', async () => {
    const { credentialId } = await connectShared()
    const choose = (address: string) => connectAddress(deps, { credentialId, address, inboxId: 'inb_support' })
    await choose('+33100')
    await expect(choose('+33100')).rejects.toMatchObject({ code: 'conflict' })
    await expect(choose('+1')).rejects.toMatchObject({ code: 'not_found' })
  })
})

test('authorizing again brings an offline channel back, with a new key where one is given', async () => {
  const { channel } = await createAppChannel(sandbox, { status: 'offline', statusReason: 'The key was revoked.' })
  script.answer = () => ({ json: { type: 'authentication_required', message: 'Still no.' } })
  expect(await reauthorizeChannel(deps, { channelId: channel.id, given: {} })).toEqual({
    ok: false,
    reason: 'Still no.',
  })
  script.answer = () => welcome
  const given = { access_token: 'new-key' }
  expect(await reauthorizeChannel(deps, { channelId: channel.id, given })).toEqual({ ok: true })
  expect(sent.map((request) => request.headers.authorization)).toEqual(['Bearer connect-key', 'Bearer new-key'])
  expect(eventOf(sent[1])).toEqual({ type: 'authorization', payload: { channel_id: channel.id } })
  expect(await findSandboxChannel(db, channel.id)).toMatchObject({ status: 'ok', statusReason: null })
})

describe('B4, creating an application channel through the API', () => {
  const create = (json: object) => call('POST', '/inboxes/inb_support/channels', { json: { type: 'custom', ...json } })

  test('answers without a body, then asks the app’s server', async () => {
    const app = await createSandboxApp(sandbox)
    const { status, json } = await create({ name: 'By API', application_uid: app.uid, credentials: key })
    expect([status, json, sent.length]).toEqual([204, null, 0])
    await catchUp(10)
    const [channel] = await listSandboxChannels(db, { appUid: app.uid })
    expect(eventOf(sent[0])).toEqual({ type: 'authorization', payload: { channel_id: channel?.id } })
    expect(channel).toMatchObject({ name: 'By API', webhookUrl: WEBHOOK_URL })
    const listed = (await call('GET', `/channels/${channel?.id}`)).json
    expect(listed).toMatchObject({ type: 'custom', name: 'By API' })
    expect(JSON.stringify(listed)).not.toContain(WEBHOOK_URL)
  })

  test('leaves a channel of OAuth unauthenticated until somebody signs in', async () => {
    const app = await createSandboxApp(sandbox, { authMethod: 'oauth' })
    expect((await create({ application_uid: app.uid })).status).toBe(204)
    await catchUp(10)
    const [channel] = await listSandboxChannels(db, { appUid: app.uid })
    expect([channel?.webhookUrl, sent.length]).toEqual([null, 0])
  })

  test('buys tokens for client credentials before it asks', async () => {
    const app = await createSandboxApp(sandbox, {
      authMethod: 'client_credentials',
      tokenUrl: 'https://patchbay.example/token',
    })
    script.answer = (request) => (request.url.endsWith('/token') ? { json: { access_token: 'bought' } } : welcome)
    await create({ application_uid: app.uid, credentials: { client_id: 'ada', client_secret: 'secret' } })
    await catchUp(10)
    expect(sent[0]).toMatchObject({ headers: { authorization: basic }, body: 'grant_type=client_credentials' })
    expect(sent[1]?.headers.authorization).toBe('Bearer bought')
  })

  test('is refused for an app that nobody knows, and without the credentials that the app needs', async () => {
    const app = await createSandboxApp(sandbox)
    const refused = [
      { application_uid: 'nobody' },
      { application_uid: app.uid },
      { application_uid: app.uid, credentials: { api_key: 'k' } },
      { application_uid: app.uid, credentials: { access_token: 7 } },
      { application_uid: app.uid, credentials: key, type: 'smtp' },
    ]
    const answers = await Promise.all(refused.map(create))
    expect(answers.map((answer) => answer.status)).toEqual([400, 400, 400, 400, 400])
  })
})

test('two hosts share a root when they end in the same domain', () => {
  const pairs: [string, string, boolean][] = [
    ['https://a.patchbay.example/x', 'https://b.patchbay.example/', true],
    ['https://patchbay.example/x', 'https://patchbay.example.test/', false],
    ['http://localhost:3000/x', 'http://localhost:4000/', true],
    ['http://127.0.0.1/x', 'http://128.0.0.1/', false],
    ['nothing', 'https://patchbay.example/', false],
  ]
  expect(pairs.map(([url, other]) => sharesRoot(url, other))).toEqual(pairs.map(([, , shares]) => shares))
})
