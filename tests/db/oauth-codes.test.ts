import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { getApp } from '#db/queries/apps'
import { auditEvents } from '#db/schema/audit-events'
import { connectionTokens } from '#db/schema/connections'
import { requests } from '#db/schema/requests'
import { rotateOAuthSecret } from '#lib/flows/rotate-oauth-secret'
import { resetPinnedRedirect } from '#lib/flows/update-app'
import type { App } from '#tests/support/applications'
import { doorDeps } from '#tests/support/door'
import {
  allow,
  asFront,
  askOAuth,
  basic,
  basicOf,
  CLIENT_SECRET,
  createOAuthApp,
  REDIRECT,
  told,
} from '#tests/support/oauth'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const START = new Date('2026-11-01T12:00:00Z')
const VERIFIER = 'correct-horse-battery-staple-correct-horse-battery'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const S256 = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

let now = START
const deps = doorDeps(db, { now: () => now })
let app: App
let front: ReturnType<typeof asFront>

beforeEach(async () => {
  now = START
  app = await createOAuthApp(db)
  front = asFront(deps, app)
})

const allowed = (more: Parameters<typeof allow>[2] = {}) => allow(db, app, { now, ...more })
const inBody = () => ({ client_id: app.oauthClientId, client_secret: CLIENT_SECRET })

describe('a code', () => {
  test.each([
    ['a form with the client as Basic', 'form', false],
    ['a form with the client in the body', 'form', true],
    ['JSON with the client as Basic', 'json', false],
    ['JSON with the client in the body', 'json', true],
  ] as const)('is exchanged for tokens by %s', async (_what, as, isInBody) => {
    const { code } = await allowed()
    const answer = await front.exchange(code, isInBody ? inBody() : {}, isInBody ? { as, authorization: null } : { as })
    expect(answer.json).toEqual({
      access_token: expect.stringMatching(/^pba_/),
      refresh_token: expect.stringMatching(/^pbr_/),
      token_type: 'Bearer',
      expires_in: 3600,
    })
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const everything = JSON.stringify([await db.select().from(connectionTokens), await db.select().from(auditEvents)])
    for (const secret of [code, answer.json.access_token, answer.json.refresh_token]) {
      expect(everything).not.toContain(secret)
    }
  })

  test('needs no client id beside a secret in the body, since the address names the app', async () => {
    const { code } = await allowed()
    expect(told(await front.exchange(code, { client_secret: CLIENT_SECRET }, { authorization: null }))).toBe('200')
  })

  test('is good once: a second use is refused and takes back what the first one gave', async () => {
    const { code } = await allowed()
    const { json: given } = await front.exchange(code)
    const { json: renewed } = await front.refresh(given.refresh_token)
    expect(told(await front.exchange(code))).toBe('400 invalid_grant')
    for (const { access_token, refresh_token } of [given, renewed]) {
      expect((await front.introspect(access_token)).json).toEqual({ active: false })
      expect(told(await front.refresh(refresh_token))).toBe('400 invalid_grant')
    }
  })

  test('that comes again takes back nothing of another sign-in', async () => {
    const account = { kind: 'new' as const, name: 'Shop chat', address: 'shop' }
    const first = await allowed({ choice: account })
    await front.exchange(first.code)
    const second = await allowed({ choice: account })
    const { json: given } = await front.exchange(second.code)
    await front.exchange(first.code)
    expect((await front.introspect(given.access_token)).json.active).toBe(true)
  })

  test('gives tokens to one of several who come at the same moment, and takes them back', async () => {
    const { code } = await allowed()
    const answers = await Promise.all(Array.from({ length: 5 }, () => front.exchange(code)))
    expect(answers.map(told).toSorted()).toEqual(['200', ...Array(4).fill('400 invalid_grant')])
    const given = answers.find(({ status }) => status === 200)?.json.access_token
    expect((await front.introspect(given)).json).toEqual({ active: false })
  })

  test.each([
    [59, '200'],
    [61, '400 invalid_grant'],
  ])('after %i seconds is answered with %s', async (seconds, expected) => {
    const { code } = await allowed()
    now = new Date(START.getTime() + seconds * 1000)
    expect(told(await front.exchange(code))).toBe(expected)
  })

  test.each([
    ['another redirect address', { redirect_uri: 'https://app.frontapp.com/other' }, '400 invalid_grant'],
    ['no redirect address', { redirect_uri: '' }, '400 invalid_grant'],
    ['a code that nobody gave', { code: 'pbo_nobody' }, '400 invalid_grant'],
    ['a code of other characters', { code: 'pbo_\u00e9' }, '400 invalid_request'],
    ['no code', { code: '' }, '400 invalid_request'],
    ['a verifier without a challenge', { code_verifier: VERIFIER }, '400 invalid_grant'],
    ['a grant that nobody knows', { grant_type: 'implicit' }, '400 unsupported_grant_type'],
    ['a grant that is another client’s', { grant_type: 'client_credentials' }, '400 unauthorized_client'],
    ['no grant', { grant_type: '' }, '400 invalid_request'],
  ])('is not exchanged with %s', async (_what, change, expected) => {
    const { code } = await allowed()
    const answer = await front.exchange(code, change)
    expect(told(answer)).toBe(expected)
    expect(answer.json.error_description).toEqual(expect.any(String))
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('is used up by a wrong redirect address', async () => {
    const { code } = await allowed()
    await front.exchange(code, { redirect_uri: 'https://app.frontapp.com/other' })
    expect(told(await front.exchange(code))).toBe('400 invalid_grant')
  })

  test('of another app is refused', async () => {
    const { code } = await allow(db, await createOAuthApp(db), { now })
    expect(told(await front.exchange(code))).toBe('400 invalid_grant')
  })

  test.each([
    ['its verifier', { code_verifier: VERIFIER }, '200'],
    ['another verifier', { code_verifier: 'x'.repeat(43) }, '400 invalid_grant'],
    ['no verifier', {}, '400 invalid_grant'],
  ])('that was asked for with a challenge (PKCE) and comes with %s', async (_what, more, expected) => {
    const { code } = await allowed(S256)
    expect(told(await front.exchange(code, more))).toBe(expected)
    expect(told(await front.exchange(code, { code_verifier: VERIFIER }))).toBe('400 invalid_grant')
  })

  test('is not given for a challenge that is no challenge; Front is told', async () => {
    const { location, code } = await allowed({ code_challenge: 'abc', code_challenge_method: 'plain', state: 's' })
    expect(code).toBe('')
    expect(Object.fromEntries(new URL(location).searchParams)).toMatchObject({ error: 'invalid_request', state: 's' })
  })
})

describe('the address that sign-ins lead back to', () => {
  test('is settled by the first code that is exchanged, until an admin forgets it', async () => {
    const other = { redirect_uri: 'https://other.frontapp.com/oauth' }
    const { code } = await allowed()
    expect((await getApp(db, app.id))?.pinnedRedirectUri).toBeNull()
    await front.exchange(code)
    expect((await getApp(db, app.id))?.pinnedRedirectUri).toBe(REDIRECT)
    await expect(allowed(other)).rejects.toMatchObject({ code: 'invalid_input' })
    await resetPinnedRedirect(db, { appId: app.id, actor: 'mina@example.com', now })
    expect((await allowed(other)).code).not.toBe('')
  })

  test('is not settled by a code that failed', async () => {
    const { code } = await allowed()
    await front.exchange(code, { redirect_uri: 'https://app.frontapp.com/other' })
    expect((await getApp(db, app.id))?.pinnedRedirectUri).toBeNull()
  })

  test('is written down with the way in which Front showed its client', async () => {
    const { code } = await allowed()
    await front.exchange(code)
    const [event] = await db.select().from(auditEvents).where(eq(auditEvents.action, 'connection.complete')).limit(1)
    expect(event?.details).toMatchObject({ redirectUri: REDIRECT, clientShownBy: expect.stringMatching(/basic|body/) })
  })
})

describe('a client', () => {
  test.each([
    ['a wrong secret', () => ({ authorization: basicOf(app, 'wrong') })],
    ['no secret', () => ({ authorization: basicOf(app, '') })],
    ['another app’s id', () => ({ authorization: basic('client_x', CLIENT_SECRET) })],
    ['nothing', () => ({ authorization: null })],
    ['something that is no Basic', () => ({ authorization: 'Bearer x' })],
  ])('with %s gets no token and no word about one, and uses up no code', async (_what, ask) => {
    const { code } = await allowed()
    const answer = await front.exchange(code, {}, ask())
    expect([told(answer), answer.headers.get('www-authenticate')]).toEqual([
      '401 invalid_client',
      'Basic realm="Patchbay"',
    ])
    expect(told(await front.introspect('x', ask()))).toBe('401 invalid_client')
    expect(told(await front.exchange(code))).toBe('200')
  })

  test('cannot leave its secret out because it brings a verifier', async () => {
    const { code } = await allowed(S256)
    const alone = { client_id: app.oauthClientId, code_verifier: VERIFIER }
    expect(told(await front.exchange(code, alone, { authorization: null }))).toBe('401 invalid_client')
  })

  test('that guesses is slowed down, and its calls are kept without secrets', async () => {
    const answers = []
    for (let n = 0; n < 12; n += 1) {
      answers.push(await front.introspect('tok_secret', { authorization: basicOf(app, 'wrong') }))
    }
    expect(answers.slice(0, 10).map(told)).toEqual(Array(10).fill('401 invalid_client'))
    expect(answers.slice(10).map(told)).toEqual(Array(2).fill('429 slow_down'))
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0)
    const kept = await db.select().from(requests).where(eq(requests.appId, app.id))
    expect(kept).toHaveLength(12)
    expect(kept[0]).toMatchObject({
      path: `/api/oauth/${app.key}/introspect`,
      code: 'oauth_invalid_client',
      status: 401,
    })
    expect(kept[0]?.bodyBytes).toBeGreaterThan(0)
    expect(JSON.stringify(kept)).not.toMatch(/tok_secret|Basic [A-Za-z0-9]/)
  })

  test('finds nothing at an address of no app, nor of an archived one', async () => {
    const archived = await createOAuthApp(db, { archivedAt: START })
    for (const key of ['app_none', archived.key]) {
      expect(told(await askOAuth(deps, { ...app, key }, 'token', {}))).toBe('404 invalid_client')
    }
  })

  test('has to use the new secret as soon as there is one', async () => {
    const { secret } = await rotateOAuthSecret(db, { appId: app.id, actor: 'mina@example.com', now })
    expect(told(await front.introspect('x'))).toBe('401 invalid_client')
    expect((await front.introspect('x', { authorization: basicOf(app, secret) })).json).toEqual({ active: false })
  })
})
