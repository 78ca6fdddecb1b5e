import { afterAll, beforeEach, expect, test } from 'vitest'
import { findSandboxCredential } from '#db/queries/sandbox-apps'
import { findSandboxChannel, listSandboxChannels } from '#db/queries/sandbox-channels'
import type { HttpRequest } from '#lib/http/http-result'
import { authorizeChannel } from '#lib/sandbox/apps/authorize'
import { openCredentials } from '#lib/sandbox/apps/credentials'
import { finishSignIn, startSignIn } from '#lib/sandbox/apps/sign-in'
import { seal } from '#lib/secrets'
import { testDatabase } from '#tests/support/postgres'
import { type ScriptedAnswer, START, testSandbox } from '#tests/support/sandbox'
import { createAppChannel, createSandboxApp, SERVER_URL, WEBHOOK_URL } from '#tests/support/sandbox-apps'

const database = await testDatabase()
afterAll(database.close)
const { db } = database
const sandbox = testSandbox(database)
const { deps, sent, script, later } = sandbox

const TOKEN_URL = 'https://patchbay.example/api/oauth/app_1/token'
const INTROSPECTION_URL = 'https://patchbay.example/api/oauth/app_1/introspect'
const CLIENT = `Basic ${Buffer.from('client:client secret').toString('base64')}`

let tokens = 0

function answers(overrides: Record<string, ScriptedAnswer> = {}) {
  return (request: HttpRequest): ScriptedAnswer => {
    if (request.url in overrides) return overrides[request.url] ?? null
    if (request.url === SERVER_URL) return { json: { type: 'success', webhook_url: WEBHOOK_URL } }
    if (request.url !== TOKEN_URL) return 404
    tokens += 1
    return { json: { access_token: `access-${tokens}`, refresh_token: `refresh-${tokens}`, expires_in: 3600 } }
  }
}

beforeEach(() => {
  sent.length = 0
  tokens = 0
  script.answer = answers()
})

function createOAuthApp(overrides: Parameters<typeof createSandboxApp>[1] = {}) {
  return createSandboxApp(sandbox, {
    authMethod: 'oauth',
    authorizeUrl: 'https://patchbay.example/oauth/app_1/authorize?theme=dark',
    tokenUrl: TOKEN_URL,
    clientId: 'client',
    clientSecretSealed: seal('client secret', deps.keys),
    ...overrides,
  })
}

async function leave(appUid: string, channelId: string | null = null) {
  const url = new URL(await startSignIn(deps, { appUid, inboxId: 'inb_support', channelName: null, channelId }))
  return { url, state: url.searchParams.get('state') ?? '' }
}

test('a sign-in leaves for the authorize URL with a state of its own', async () => {
  const app = await createOAuthApp()
  const [first, second] = [await leave(app.uid), await leave(app.uid)]
  expect(Object.fromEntries(first.url.searchParams)).toEqual({
    theme: 'dark',
    response_type: 'code',
    client_id: 'client',
    redirect_uri: 'https://patchbay.example/sandbox/oauth/callback',
    state: first.state,
  })
  expect(first.state.length).toBeGreaterThanOrEqual(32)
  expect(second.state).not.toBe(first.state)
})

test('a code buys tokens, and the channel is authorized with them', async () => {
  const app = await createOAuthApp()
  const { state } = await leave(app.uid)
  const { connected } = await finishSignIn(deps, { state, code: 'code-1', error: null })
  const [exchange, authorization] = sent
  expect(exchange).toMatchObject({ url: TOKEN_URL, headers: { authorization: CLIENT } })
  expect(Object.fromEntries(new URLSearchParams(String(exchange?.body)))).toEqual({
    grant_type: 'authorization_code',
    code: 'code-1',
    redirect_uri: 'https://patchbay.example/sandbox/oauth/callback',
  })
  expect(authorization).toMatchObject({ url: SERVER_URL, headers: { authorization: 'Bearer access-1' } })
  expect(connected).toMatchObject({ kind: 'channel', channel: { name: app.name } })
})

test('introspection names a private channel and its address, and whose a shared connection is', async () => {
  const introspectionUrl = INTROSPECTION_URL
  const named = { active: true, front_channel_name: 'Ada’s number', front_channel_address: '+33100' }
  script.answer = answers({ [INTROSPECTION_URL]: { json: named } })
  const app = await createOAuthApp({ introspectionUrl })
  const { state } = await leave(app.uid)
  const { connected } = await finishSignIn(deps, { state, code: 'c', error: null })
  expect(connected).toMatchObject({ kind: 'channel', channel: { name: 'Ada’s number', address: '+33100' } })
  expect(sent[1]).toMatchObject({ headers: { authorization: CLIENT }, body: 'token=access-1' })
  script.answer = answers({
    [INTROSPECTION_URL]: { json: { active: true, resource_owner_id: 7, resource_owner_name: 'Shop' } },
  })
  const shared = await createOAuthApp({ introspectionUrl, credentials: 'shared' })
  const { connected: chosen } = await finishSignIn(deps, {
    state: (await leave(shared.uid)).state,
    code: 'c',
    error: null,
  })
  const id = chosen.kind === 'choose_address' ? chosen.credentialId : ''
  expect((await findSandboxCredential(db, id))?.owner).toBe('Shop')
})

const failures: [
  string,
  Partial<{ code: string | null; error: string | null }>,
  Record<string, ScriptedAnswer>,
  string,
][] = [
  ['the person refuses', { code: null, error: 'access_denied' }, {}, 'access_denied'],
  ['the code is no good', {}, { [TOKEN_URL]: { status: 400, json: { error: 'invalid_grant' } } }, 'invalid_grant'],
  ['there is no token in the answer', {}, { [TOKEN_URL]: { json: {} } }, 'without an access_token'],
  ['the token is not active', {}, { [INTROSPECTION_URL]: { json: { active: false } } }, 'not active'],
  ['the server does not want the channel', {}, { [SERVER_URL]: { json: { type: 'forbidden' } } }, 'forbids it'],
]
for (const [what, query, overrides, reason] of failures) {
  test(`makes no channel when ${what}`, async () => {
    script.answer = answers(overrides)
    const hasIntrospection = INTROSPECTION_URL in overrides
    const app = await createOAuthApp({ introspectionUrl: hasIntrospection ? INTROSPECTION_URL : null })
    const { state } = await leave(app.uid)
    const finishing = finishSignIn(deps, { state, code: 'c', error: null, ...query })
    await expect(finishing).rejects.toMatchObject({ message: expect.stringContaining(reason) })
    expect(await listSandboxChannels(db, { appUid: app.uid })).toEqual([])
  })
}

test('a state is good once, for ten minutes, and only where it was given', async () => {
  const app = await createOAuthApp()
  const { state } = await leave(app.uid)
  const late = await leave(app.uid)
  await finishSignIn(deps, { state, code: 'c', error: null })
  const attempts: [typeof deps, string][] = [
    [deps, state],
    [deps, 'guessed'],
    [later(600_001), late.state],
  ]
  for (const [at, given] of attempts) {
    await expect(finishSignIn(at, { state: given, code: 'c', error: null })).rejects.toMatchObject({
      code: 'bad_request',
    })
  }
})

test('tokens that have ended are renewed before the next call, and the new ones are kept', async () => {
  const app = await createOAuthApp({ refreshUrl: `${TOKEN_URL}?again` })
  script.answer = answers({
    [`${TOKEN_URL}?again`]: { json: { access_token: 'renewed', refresh_token: 'next', expires_in: 60 } },
  })
  const { connected } = await finishSignIn(deps, { state: (await leave(app.uid)).state, code: 'c', error: null })
  const channel = connected.kind === 'channel' ? await findSandboxChannel(db, connected.channel.id) : undefined
  if (!channel) throw new Error('There is no channel.')
  sent.length = 0
  await authorizeChannel(later(3_590_000), channel)
  await authorizeChannel(later(3_599_000), channel)
  await authorizeChannel(later(3_610_000), channel)
  expect(sent.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer access-1',
    CLIENT,
    'Bearer renewed',
    'Bearer renewed',
  ])
  expect(String(sent[1]?.body)).toBe('grant_type=refresh_token&refresh_token=refresh-1')
  const kept = await findSandboxCredential(db, channel.credentialId ?? '')
  expect(openCredentials(kept?.sealed ?? '', deps.keys)).toEqual({ access_token: 'renewed', refresh_token: 'next' })
})

test('a channel whose tokens cannot be renewed goes offline; signing in again brings it back', async () => {
  const given = { access_token: 'old', refresh_token: 'revoked' }
  const app = { authMethod: 'oauth' as const, authorizeUrl: 'https://patchbay.example/a', tokenUrl: TOKEN_URL }
  const client = { clientId: 'client', clientSecretSealed: seal('client secret', deps.keys) }
  const { channel, credential } = await createAppChannel(sandbox, { given, app: { ...app, ...client } })
  await database.sql`update sandbox_credentials set expires_at = ${START.toISOString()} where id = ${credential.id}`
  script.answer = answers({ [TOKEN_URL]: { status: 400, json: { error: 'invalid_grant' } } })
  expect((await authorizeChannel(deps, channel)).ok).toBe(false)
  expect((await findSandboxChannel(db, channel.id))?.statusReason).toContain('invalid_grant')
  script.answer = answers()
  const { state } = await leave(channel.appUid ?? '', channel.id)
  const { connected: again } = await finishSignIn(deps, { state, code: 'c', error: null })
  expect(again).toMatchObject({ kind: 'channel', channel: { id: channel.id } })
  expect((await findSandboxChannel(db, channel.id))?.status).toBe('ok')
})
