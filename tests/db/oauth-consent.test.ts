import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listAccounts } from '#db/queries/oauth-grants'
import { auditEvents } from '#db/schema/audit-events'
import { channels } from '#db/schema/channels'
import { connections } from '#db/schema/connections'
import type { Role } from '#db/schema/users'
import { oauthConsentEndpoint } from '#lib/endpoints/oauth-consent'
import { makeConnectKey } from '#lib/flows/make-connect-key'
import { revokeConnection } from '#lib/flows/revoke-connection'
import { type App, createApplicationChannel } from '#tests/support/applications'
import { doorDeps } from '#tests/support/door'
import { asFront, createOAuthApp, REDIRECT } from '#tests/support/oauth'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const now = new Date('2026-11-01T12:00:00Z')
const deps = doorDeps(db, { now: () => now })
const mina = { email: 'mina@example.com', role: 'admin' as Role }
const STATE = '{"a":1} é+&='
let app: App

beforeEach(async () => {
  app = await createOAuthApp(db)
})

type Sending = { person?: typeof mina | null; headers?: Record<string, string>; appKey?: string }

/** Sends the form of the page as a browser does, and tells where that leads. */
async function decide(fields: Record<string, string>, { person = mina, headers, appKey = app.key }: Sending = {}) {
  const body = new URLSearchParams({ redirect_uri: REDIRECT, state: STATE, decision: 'allow', ...fields })
  const request = new Request(`https://patchbay.example/oauth/${appKey}/authorize/decide`, {
    method: 'POST',
    headers: headers ?? { 'sec-fetch-site': 'same-origin' },
    body,
  })
  const answer = await oauthConsentEndpoint(request, { appKey, person }, deps)
  const location = answer.headers.get('location') ?? ''
  const to = URL.parse(location, 'https://patchbay.example')
  return {
    status: answer.status,
    location,
    at: to && to.origin + to.pathname,
    query: Object.fromEntries(to?.searchParams ?? []),
  }
}

const THE_PAGE = () => `https://patchbay.example/oauth/${app.key}/authorize`
const connectionsOf = (of: App) => db.select().from(connections).where(eq(connections.appId, of.id))

describe('a person who allows it', () => {
  test('is led back to the address that Front named, with a code and the unchanged state', async () => {
    const { status, at, query } = await decide({ name: 'Shop chat', redirect_uri: `${REDIRECT}?tenant=7` })
    expect([status, at]).toEqual([302, REDIRECT])
    expect(query).toEqual({ tenant: '7', code: expect.stringMatching(/^pbo_/), state: STATE })
    expect(await connectionsOf(app)).toMatchObject([
      { kind: 'oauth', name: 'Shop chat', createdBy: mina.email, channelId: null },
    ])
    const [grant] = await db.select().from(auditEvents).where(eq(auditEvents.action, 'connection.grant'))
    expect(grant?.actor).toBe(mina.email)
  })

  test('may choose a channel that waits for Front, or one that is connected: both go on with their connection', async () => {
    const channel = await createApplicationChannel(db, app, { name: 'Berlin' })
    const first = await decide({ choice: channel.id })
    const again = await decide({ choice: channel.id })
    expect(first.query.code).not.toBe(again.query.code)
    expect(await connectionsOf(app)).toMatchObject([{ channelId: channel.id, name: 'Berlin', address: null }])
  })

  test('keeps the channel’s address in Front after the connection before was revoked', async () => {
    const channel = await createApplicationChannel(db, app)
    const order = { appId: app.id, name: 'Key', channelId: channel.id, address: '+4930123', actor: mina.email, now }
    const { connection } = await makeConnectKey(db, order)
    await revokeConnection(db, { connectionId: connection.id, actor: mina.email, now })
    const { query } = await decide({ choice: channel.id })
    const front = asFront(deps, app)
    const { json } = await front.exchange(query.code ?? '')
    expect((await front.introspect(json.access_token)).json.front_channel_address).toBe('+4930123')
  })

  test('may try again with the same address after Front did not come back', async () => {
    await decide({ name: 'Shop chat', address: 'shop' })
    const { query } = await decide({ name: 'Shop', address: ' shop ' })
    expect(query.code).toBeDefined()
    expect(await connectionsOf(app)).toMatchObject([{ name: 'Shop', address: 'shop' }])
  })

  test('names an account where credentials are shared, or takes one that is there', async () => {
    app = await createOAuthApp(db, { credentials: 'shared' })
    await decide({ name: 'Acme' })
    const [account] = await listAccounts(db, app.id)
    expect(account?.name).toBe('Acme')
    const { query } = await decide({ choice: account?.id ?? '' })
    expect(query.code).toBeDefined()
    expect(await connectionsOf(app)).toHaveLength(1)
  })
})

describe('a person is asked again, with all that was typed,', () => {
  test('about an address that another connection has', async () => {
    const order = { appId: app.id, name: 'Key', channelId: null, address: 'shop', actor: mina.email, now }
    await makeConnectKey(db, order)
    const typed = { choice: 'new', name: 'Shop chat', address: 'shop' }
    const { status, at, query } = await decide(typed)
    expect([status, at]).toEqual([303, THE_PAGE()])
    expect(query).toEqual({ redirect_uri: REDIRECT, state: STATE, ...typed, problem: 'taken' })
    expect(await connectionsOf(app)).toHaveLength(1)
  })

  test.each([
    ['about a missing name', { name: ' ' }, 'name'],
    ['about a name that is too long', { name: 'x'.repeat(101) }, 'name'],
    ['about an address that is too long', { name: 'Shop', address: 'x'.repeat(201) }, 'address'],
    ['about a channel that is not there', { choice: '01890a5d-ac96-774b-bcce-b302099a8057' }, 'gone'],
  ])('%s', async (_what, fields, problem) => {
    const { status, at, query } = await decide(fields)
    expect([status, at, query.problem]).toEqual([303, THE_PAGE(), problem])
    expect(await connectionsOf(app)).toEqual([])
  })

  test('about a channel of another app, and an archived one', async () => {
    const foreign = await createApplicationChannel(db, await createOAuthApp(db))
    const archived = await createApplicationChannel(db, app)
    await db.update(channels).set({ archivedAt: now }).where(eq(channels.id, archived.id))
    for (const { id } of [foreign, archived]) expect((await decide({ choice: id })).query.problem).toBe('gone')
  })

  test('about an account that was revoked or belongs to another app', async () => {
    app = await createOAuthApp(db, { credentials: 'shared' })
    const { query } = await decide({ choice: '01890a5d-ac96-774b-bcce-b302099a8057' })
    expect(query.problem).toBe('gone')
  })
})

describe('nothing is given', () => {
  test('to Front when the person refuses: it is told so, with the state', async () => {
    const { status, at, query } = await decide({ decision: 'deny' })
    expect([status, at, query]).toEqual([302, REDIRECT, { error: 'access_denied', state: STATE }])
  })

  test.each(['viewer', 'support'] as const)('by a %s, who may only refuse', async (role) => {
    const person = { ...mina, role }
    expect((await decide({ name: 'Shop' }, { person })).at).toBe(THE_PAGE())
    expect((await decide({ decision: 'deny' }, { person })).query.error).toBe('access_denied')
  })

  test('by somebody who is signed out: the page leads to signing in', async () => {
    const { at, query } = await decide({ name: 'Shop' }, { person: null })
    expect([at, query]).toEqual([THE_PAGE(), { redirect_uri: REDIRECT, state: STATE }])
  })

  test.each<Record<string, string>>([
    { redirect_uri: 'https://frontapp.com.evil.example/x' },
    { redirect_uri: '' },
    { client_id: 'client_other' },
    { redirect_uri: 'https://evil.example/', decision: 'deny' },
  ])('to a hostile address: %j leads to the page that says so', async (fields) => {
    const { status, at } = await decide({ name: 'Shop', ...fields })
    expect([status, at]).toEqual([303, THE_PAGE()])
  })

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sister site', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example', host: 'patchbay.example' }],
    ['an origin that hides', { origin: 'null', host: 'patchbay.example' }],
    ['nowhere', { host: 'patchbay.example' }],
  ])('to a form that comes from %s', async (_where, headers) => {
    expect(await decide({ name: 'Shop' }, { headers })).toMatchObject({ status: 403, location: '' })
  })

  test('at the address of no app', async () => {
    expect(await decide({ name: 'Shop' }, { appKey: 'app_none' })).toMatchObject({ status: 404, location: '' })
  })

  afterEach(async () => {
    expect(await connectionsOf(app)).toEqual([])
  })
})

test('a browser that does not say where a form comes from is believed by its origin', async () => {
  const headers = { origin: 'https://patchbay.example', host: 'patchbay.example' }
  expect((await decide({ name: 'Shop' }, { headers })).query.code).toBeDefined()
})
