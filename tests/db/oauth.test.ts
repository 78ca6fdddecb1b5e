import { createHash } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { getApp } from '#db/queries/apps'
import { deleteOldTokens } from '#db/queries/oauth-tokens'
import { connections, connectionTokens } from '#db/schema/connections'
import { requests } from '#db/schema/requests'
import { makeConnectKey } from '#lib/flows/make-connect-key'
import { revokeConnection } from '#lib/flows/revoke-connection'
import { rotateOAuthSecret } from '#lib/flows/rotate-oauth-secret'
import { answerAuthorization, readAuthorization } from '#lib/oauth/authorization'
import { hashToken } from '#lib/secrets'
import type { App } from '#tests/support/applications'
import { doorDeps } from '#tests/support/door'
import { allow, askOAuth, basicOf, CLIENT_SECRET, createOAuthApp, REDIRECT } from '#tests/support/oauth'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const actor = 'mina@example.com'
let app: App

beforeEach(async () => {
  app = await createOAuthApp(db)
})

type Fields = Record<string, string>
const exchange = (code: string, more: Fields = {}, ask: Parameters<typeof askOAuth>[4] = {}) =>
  askOAuth(deps, app, 'token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...more }, ask)
const refresh = (token: string) => askOAuth(deps, app, 'token', { grant_type: 'refresh_token', refresh_token: token })
const introspect = (token: string, ask: Parameters<typeof askOAuth>[4] = {}) =>
  askOAuth(deps, app, 'introspect', { token }, ask)
const inBody = { client_id: '', client_secret: CLIENT_SECRET }
const told = ({ status, json }: { status: number; json: { error?: string } }) => `${status} ${json.error}`

describe('the code that a person’s consent gives', () => {
  test('comes with the unchanged state, to the address that Front named', async () => {
    const state = 'a+b/c=&é'.normalize().replace('é', '%C3%A9')
    const { location, code } = await allow(db, app, { redirect_uri: `${REDIRECT}?tenant=7`, state })
    expect(location.origin + location.pathname).toBe(REDIRECT)
    expect(location.searchParams.get('tenant')).toBe('7')
    expect(location.searchParams.get('state')).toBe(state)
    expect(code).toMatch(/^pbo_/)
  })

  test.each([
    ['a form with the client as Basic', 'form', false],
    ['a form with the client in the body', 'form', true],
    ['JSON with the client as Basic', 'json', false],
    ['JSON with the client in the body', 'json', true],
  ] as const)('is exchanged by %s', async (_what, as, clientInBody) => {
    const { code, connectionId } = await allow(db, app)
    const client = clientInBody ? { ...inBody, client_id: app.oauthClientId } : {}
    const answer = await exchange(code, client, { as, ...(clientInBody ? { authorization: null } : {}) })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.json).toMatchObject({ token_type: 'Bearer', access_token: expect.any(String) })
    expect(Math.round(answer.json.expires_in / 60)).toBe(60)
    const stored = await db.select().from(connectionTokens).where(eq(connectionTokens.connectionId, connectionId))
    expect(JSON.stringify(stored)).not.toContain(answer.json.access_token)
    expect(stored.map(({ purpose }) => purpose).sort()).toEqual(['access', 'code', 'refresh'])
  })

  test('pins the address for every later sign-in', async () => {
    const { code } = await allow(db, app)
    await exchange(code)
    expect((await getApp(db, app.id))?.pinnedRedirectUri).toBe(REDIRECT)
  })

  test('is good once: a second use is refused and takes back what the first one gave', async () => {
    const { code } = await allow(db, app)
    const { json } = await exchange(code)
    expect(told(await exchange(code))).toBe('400 invalid_grant')
    expect((await introspect(json.access_token)).json).toEqual({ active: false })
    expect(told(await refresh(json.refresh_token))).toBe('400 invalid_grant')
  })

  test('is good for one of two who come at the same moment', async () => {
    const { code, connectionId } = await allow(db, app)
    const answers = await Promise.all([exchange(code), exchange(code), exchange(code)])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const given = await db.select().from(connectionTokens).where(eq(connectionTokens.connectionId, connectionId))
    expect(given.filter(({ purpose }) => purpose === 'access').length).toBeLessThanOrEqual(1)
  })

  test('ends after a minute', async () => {
    const { code } = await allow(db, app)
    await db.execute(sql`update connection_tokens set expires_at = now() - interval '1 second'
      where token_hash = ${hashToken(code)}`)
    expect(told(await exchange(code))).toBe('400 invalid_grant')
  })

  test.each([
    ['another redirect address', { redirect_uri: 'https://app.frontapp.com/other' }, '400 invalid_request'],
    ['no redirect address', { redirect_uri: '' }, '400 invalid_request'],
    ['a code that nobody gave', { code: 'pbo_nobody' }, '400 invalid_grant'],
    ['no code', { code: '' }, '400 invalid_request'],
    ['a verifier without a challenge', { code_verifier: 'x'.repeat(43) }, '400 invalid_grant'],
    ['a grant that nobody knows', { grant_type: 'implicit' }, '400 unsupported_grant_type'],
    ['a grant that this app does not have', { grant_type: 'client_credentials' }, '400 unauthorized_client'],
    ['no grant', { grant_type: '' }, '400 invalid_request'],
  ])('is not exchanged with %s', async (_what, change, expected) => {
    const { code } = await allow(db, app)
    expect(told(await exchange(code, change))).toBe(expected)
  })

  test('of another app is refused', async () => {
    const other = await createOAuthApp(db)
    const { code } = await allow(db, other)
    expect(told(await exchange(code))).toBe('400 invalid_grant')
  })

  test('with a challenge (PKCE) needs its verifier', async () => {
    const verifier = 'correct-horse-battery-staple-correct-horse-battery'
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const asked = { code_challenge: challenge, code_challenge_method: 'S256' }
    const good = await allow(db, app, asked)
    expect((await exchange(good.code, { code_verifier: verifier })).status).toBe(200)
    const bad = await allow(db, app, asked)
    expect(told(await exchange(bad.code, { code_verifier: 'x'.repeat(43) }))).toBe('400 invalid_grant')
    expect(told(await exchange(bad.code, { code_verifier: verifier }))).toBe('400 invalid_grant')
  })
})

describe('a client', () => {
  test.each([
    ['a wrong secret', () => ({ authorization: basicOf(app, 'wrong') })],
    ['another app’s id', () => ({ authorization: basicOf({ oauthClientId: 'client_x' }) })],
    ['nothing', () => ({ authorization: null })],
    ['something that is no Basic', () => ({ authorization: 'Bearer x' })],
  ])('with %s gets no token and no word about one', async (_what, ask) => {
    const { code } = await allow(db, app)
    expect(told(await exchange(code, {}, ask()))).toBe('401 invalid_client')
    expect((await introspect('x', ask())).status).toBe(401)
    expect((await exchange(code)).status).toBe(200)
  })

  test('cannot leave its secret out because it brings a verifier', async () => {
    const { code } = await allow(db, app)
    const alone = { client_id: app.oauthClientId, code_verifier: 'x'.repeat(43) }
    expect(told(await exchange(code, alone, { authorization: null }))).toBe('401 invalid_client')
  })

  test('that guesses is slowed down, and its calls are kept without secrets', async () => {
    const tries = 12
    const answers = []
    for (let n = 0; n < tries; n += 1)
      answers.push(await introspect('tok_secret', { authorization: basicOf(app, 'wrong') }))
    expect(answers.at(-1)?.status).toBe(429)
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0)
    const kept = await db.select().from(requests).where(eq(requests.appId, app.id))
    expect(kept).toHaveLength(tries)
    expect(JSON.stringify(kept)).not.toMatch(/tok_secret|Basic [A-Za-z0-9]/)
  })

  test('finds nothing at an address of no app', async () => {
    expect(told(await askOAuth(deps, { ...app, key: 'app_none' }, 'token', {}))).toBe('404 invalid_client')
  })

  test('has to use the new secret as soon as there is one', async () => {
    const { secret } = await rotateOAuthSecret(db, { appId: app.id, actor, now: new Date() })
    expect((await introspect('x')).status).toBe(401)
    expect((await introspect('x', { authorization: basicOf(app, secret) })).json).toEqual({ active: false })
  })
})

describe('a refresh token', () => {
  async function tokens() {
    const { code, connectionId } = await allow(db, app)
    return { ...(await exchange(code)).json, connectionId }
  }

  test('gives new tokens, and goes on working for a while, since Front may not have stored the new one', async () => {
    const { refresh_token: first } = await tokens()
    const { json: second } = await refresh(first)
    expect(second.refresh_token).not.toBe(first)
    const { json: again } = await refresh(first)
    for (const token of [second.access_token, again.access_token]) {
      expect((await introspect(token)).json.active).toBe(true)
    }
    await db.execute(
      sql`update connection_tokens set used_at = now() - interval '11 minutes' where used_at is not null`,
    )
    expect(told(await refresh(first))).toBe('400 invalid_grant')
    expect((await refresh(second.refresh_token)).status).toBe(200)
  })

  test('ends with its connection, as access does', async () => {
    const { refresh_token: token, access_token: access, connectionId } = await tokens()
    await revokeConnection(db, { connectionId, actor, now: new Date() })
    expect(told(await refresh(token))).toBe('400 invalid_grant')
    expect((await introspect(access)).json).toEqual({ active: false })
  })
})

describe('introspection', () => {
  test('names a channel of its own, and its address', async () => {
    const { code, connectionId } = await allow(db, app, { name: 'Shop chat' })
    await db.update(connections).set({ address: '+4930123' }).where(eq(connections.id, connectionId))
    const { access_token: token } = (await exchange(code)).json
    const expected = { active: true, front_channel_name: 'Shop chat', front_channel_address: '+4930123' }
    expect((await introspect(token)).json).toEqual(expected)
    expect((await introspect(token, { as: 'json' })).json).toEqual(expected)
  })

  test('names the account where one connection serves several channels', async () => {
    app = await createOAuthApp(db, { credentials: 'shared' })
    const { code, connectionId } = await allow(db, app, { name: 'Acme account' })
    const { access_token: token } = (await exchange(code)).json
    expect((await introspect(token)).json).toEqual({
      active: true,
      resource_owner_id: connectionId,
      resource_owner_name: 'Acme account',
    })
  })

  test('says of everything else only that it is not active', async () => {
    const { code } = await allow(db, app)
    const { access_token: token, refresh_token: other } = (await exchange(code)).json
    const foreign = await createOAuthApp(db)
    expect((await askOAuth(deps, foreign, 'introspect', { token })).json).toEqual({ active: false })
    for (const one of [other, code, 'x', 'é']) expect((await introspect(one)).json).toEqual({ active: false })
    await db.execute(sql`update connection_tokens set expires_at = now() where token_hash = ${hashToken(token)}`)
    expect((await introspect(token)).json).toEqual({ active: false })
  })
})

describe('without a browser', () => {
  test('a connect key is a channel’s client credentials', async () => {
    app = await createOAuthApp(db, { authMethod: 'client_credentials' })
    const made = await makeConnectKey(db, { appId: app.id, name: 'SMS', channelId: null, actor, now: new Date() })
    const authorization = `Basic ${Buffer.from(`${made.connection.id}:${made.key}`).toString('base64')}`
    const answer = await askOAuth(deps, app, 'token', { grant_type: 'client_credentials' }, { authorization })
    expect(answer.json).toMatchObject({ access_token: expect.any(String), token_type: 'Bearer' })
    expect(answer.json.refresh_token).toBeUndefined()
    expect((await introspect(answer.json.access_token)).json).toMatchObject({ active: true, front_channel_name: 'SMS' })
    const wrong = `Basic ${Buffer.from(`${made.connection.id}:wrong`).toString('base64')}`
    const refused = await askOAuth(deps, app, 'token', { grant_type: 'client_credentials' }, { authorization: wrong })
    expect(told(refused)).toBe('401 invalid_client')
  })

  test.each([true, false])('name and connect key are user name and password (client shown: %s)', async (isShown) => {
    app = await createOAuthApp(db, { authMethod: 'password' })
    const { key } = await makeConnectKey(db, { appId: app.id, name: 'SMS', channelId: null, actor, now: new Date() })
    const fields = { grant_type: 'password', username: 'SMS', password: key ?? '' }
    const ask = isShown ? {} : { authorization: null }
    const answer = await askOAuth(deps, app, 'token', fields, ask)
    expect(answer.json).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) })
    expect(told(await askOAuth(deps, app, 'token', { ...fields, password: 'wrong' }, ask))).toBe('400 invalid_grant')
  })
})

describe('a request to authorize', () => {
  const read = (query: Record<string, unknown>) => readAuthorization({ app, ownOrigin: null, query })

  test('needs nothing but the address to come back to', () => {
    expect(read({ redirect_uri: REDIRECT })).toEqual({ redirect_uri: REDIRECT })
  })

  test.each([
    ['without an address', {}],
    ['for a hostile address', { redirect_uri: 'https://frontapp.com.evil.example/' }],
    ['for another client', { redirect_uri: REDIRECT, client_id: 'client_other' }],
    ['for a token instead of a code', { redirect_uri: REDIRECT, response_type: 'token' }],
    ['with an address given twice', { redirect_uri: [REDIRECT, REDIRECT] }],
  ])('%s leads nowhere', (_what, query) => {
    expect(read(query)).toEqual(expect.any(String))
  })

  test('that the person refuses leads back with their refusal and the state', async () => {
    const request = { redirect_uri: REDIRECT, state: 's1' }
    const to = await answerAuthorization({ db, app, ownOrigin: null, request, granted: null, now: () => new Date() })
    const { searchParams } = new URL(to)
    expect([searchParams.get('error'), searchParams.get('state'), searchParams.get('code')]).toEqual([
      'access_denied',
      's1',
      null,
    ])
  })
})

test('tokens that ended more than a day ago are forgotten', async () => {
  const { code } = await allow(db, app)
  await exchange(code)
  await deleteOldTokens(db, new Date(Date.now() + 2 * 86_400_000))
  const left = await db.select({ purpose: connectionTokens.purpose }).from(connectionTokens)
  expect(new Set(left.map(({ purpose }) => purpose))).toEqual(new Set(['refresh', 'key']))
})
