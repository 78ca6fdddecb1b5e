import { eq } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { findAppDoor } from '#db/queries/app-doors'
import { bindConnection } from '#db/queries/connections'
import { deleteUnusedGrants } from '#db/queries/oauth-grants'
import { deleteOldTokens } from '#db/queries/oauth-tokens'
import { channels } from '#db/schema/channels'
import { connections, connectionTokens } from '#db/schema/connections'
import { requests } from '#db/schema/requests'
import { makeConnectKey } from '#lib/flows/make-connect-key'
import { revokeConnection } from '#lib/flows/revoke-connection'
import { hashToken } from '#lib/secrets'
import { type App, createApplicationChannel } from '#tests/support/applications'
import { call, doorDeps } from '#tests/support/door'
import { allow, asFront, basic, createOAuthApp, told } from '#tests/support/oauth'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const START = new Date('2026-11-01T12:00:00Z')
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const actor = 'mina@example.com'

let now = START
const deps = doorDeps(db, { now: () => now })
const later = (ms: number) => new Date(START.getTime() + ms)
let app: App
let front: ReturnType<typeof asFront>

async function useApp(more: Partial<App> = {}): Promise<void> {
  app = await createOAuthApp(db, more)
  front = asFront(deps, app)
}

beforeEach(async () => {
  now = START
  await useApp()
})

async function signIn(choice?: NonNullable<Parameters<typeof allow>[2]>['choice']) {
  const { code } = await allow(db, app, { now, ...(choice ? { choice } : {}) })
  const { json } = await front.exchange(code)
  const [row] = await db
    .select({ id: connectionTokens.connectionId })
    .from(connectionTokens)
    .where(eq(connectionTokens.tokenHash, hashToken(code)))
  return { code, access: json.access_token, refresh: json.refresh_token, connectionId: row?.id ?? '' }
}

const isActive = async (token: string) => (await front.introspect(token)).json.active

describe('an access token', () => {
  test('opens its connection at the app’s address for an hour, and nothing at another app’s', async () => {
    const { access, connectionId } = await signIn()
    const visit = { appKey: app.key, channelKey: null, tokenHashes: [hashToken(access)] }
    const openedAt = async (at: Date) => (await findAppDoor(db, { ...visit, now: at }))?.connection
    expect(await openedAt(later(59 * MINUTE_MS))).toMatchObject({ id: connectionId, ended: null })
    expect(await openedAt(later(61 * MINUTE_MS))).toMatchObject({ ended: 'expired' })
    const other = await createOAuthApp(db)
    expect((await findAppDoor(db, { ...visit, appKey: other.key, now }))?.connection ?? null).toBeNull()
  })

  test('is active for an hour', async () => {
    const { access } = await signIn()
    now = later(59 * MINUTE_MS)
    expect(await isActive(access)).toBe(true)
    now = later(61 * MINUTE_MS)
    expect((await front.introspect(access)).json).toEqual({ active: false })
  })
})

describe('a refresh token', () => {
  test('gives new tokens, and works on for ten minutes, since Front may not have stored the new one', async () => {
    const { refresh: first } = await signIn()
    const { json: second } = await front.refresh(first)
    expect(second).toMatchObject({ token_type: 'Bearer', expires_in: 3600, access_token: expect.any(String) })
    expect(second.refresh_token).not.toBe(first)
    now = later(9 * MINUTE_MS)
    const { json: again } = await front.refresh(first)
    for (const token of [second.access_token, again.access_token]) expect(await isActive(token)).toBe(true)
    now = later(11 * MINUTE_MS)
    expect(told(await front.refresh(first))).toBe('400 invalid_grant')
    expect(told(await front.refresh(second.refresh_token))).toBe('200')
    expect(told(await front.refresh(again.refresh_token))).toBe('200')
  })

  test('gives good tokens to all who use it at the same moment', async () => {
    const { refresh } = await signIn()
    const answers = await Promise.all([1, 2, 3].map(() => front.refresh(refresh)))
    expect(answers.map(told)).toEqual(['200', '200', '200'])
    for (const { json } of answers) expect(await isActive(json.access_token)).toBe(true)
  })

  test('lives for 180 days', async () => {
    const { refresh } = await signIn()
    now = later(179 * DAY_MS)
    expect(told(await front.refresh(refresh))).toBe('200')
    now = START
    const { refresh: other } = await signIn()
    now = later(181 * DAY_MS)
    expect(told(await front.refresh(other))).toBe('400 invalid_grant')
  })

  test('ends with its connection, as access does', async () => {
    const { refresh, access, connectionId } = await signIn()
    await revokeConnection(db, { connectionId, actor, now })
    expect(told(await front.refresh(refresh))).toBe('400 invalid_grant')
    expect((await front.introspect(access)).json).toEqual({ active: false })
  })

  test('may come with scopes, which we do not know', async () => {
    const { refresh } = await signIn()
    const fields = { grant_type: 'refresh_token', refresh_token: refresh, scope: 'messages' }
    expect(told(await front.ask(fields))).toBe('200')
  })
})

describe('introspection', () => {
  test('names a channel of its own and the address that the person gave', async () => {
    const { access } = await signIn({ kind: 'new', name: 'Shop chat', address: '+4930123' })
    const expected = { active: true, front_channel_name: 'Shop chat', front_channel_address: '+4930123' }
    expect((await front.introspect(access)).json).toEqual(expected)
    expect((await front.introspect(access, { as: 'json' })).json).toEqual(expected)
  })

  test('makes an address up where nobody gave one, another for each connection', async () => {
    const [first, second] = [await signIn(), await signIn()]
    const addressOf = async (token: string) => (await front.introspect(token)).json.front_channel_address
    expect(await addressOf(first.access)).toBe(first.connectionId)
    expect(await addressOf(second.access)).toBe(second.connectionId)
  })

  test('goes by the channel’s present name once there is a channel', async () => {
    const { access, connectionId } = await signIn()
    const channel = await createApplicationChannel(db, app, { name: 'Shop' })
    await bindConnection(db, { connectionId, channelId: channel.id })
    await db.update(channels).set({ name: 'Shop and service' }).where(eq(channels.id, channel.id))
    const expected = { front_channel_name: 'Shop and service', front_channel_address: channel.key }
    expect((await front.introspect(access)).json).toMatchObject(expected)
  })

  test('names the account where one connection serves several channels, the same at every sign-in', async () => {
    await useApp({ credentials: 'shared' })
    const { access, connectionId } = await signIn({ kind: 'new_account', name: 'Acme' })
    const expected = { active: true, resource_owner_id: connectionId, resource_owner_name: 'Acme' }
    expect((await front.introspect(access)).json).toEqual(expected)
    const again = await signIn({ kind: 'account', connectionId })
    expect((await front.introspect(again.access)).json).toEqual(expected)
  })

  test('says of everything else only that it is not active', async () => {
    const { access, refresh, code } = await signIn()
    const foreign = asFront(deps, await createOAuthApp(db))
    expect((await foreign.introspect(access)).json).toEqual({ active: false })
    for (const one of [refresh, code, 'x', 'é', `${access}x`, '\u0000']) {
      expect((await front.introspect(one)).json).toEqual({ active: false })
    }
    expect(told(await front.introspect(''))).toBe('400 invalid_request')
  })
})

describe('without a browser', () => {
  async function makeKey() {
    const order = { appId: app.id, name: 'SMS team', channelId: null, actor, now }
    const { connection, key } = await makeConnectKey(db, order)
    return { id: connection.id, key: key ?? '' }
  }

  test.each(['basic', 'form', 'json'] as const)('a connect key is client credentials (%s)', async (how) => {
    const { id, key } = await makeKey()
    const fields = {
      grant_type: 'client_credentials',
      ...(how === 'basic' ? {} : { client_id: id, client_secret: key }),
    }
    const ask = how === 'basic' ? { authorization: basic(id, key) } : { authorization: null, as: how }
    const { json } = await front.ask(fields, ask)
    expect(json).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 })
    expect((await front.introspect(json.access_token)).json).toMatchObject({ front_channel_name: 'SMS team' })
    const wrong = await front.ask({ grant_type: 'client_credentials' }, { authorization: basic(id, 'wrong') })
    expect(told(wrong)).toBe('401 invalid_client')
    const foreign = asFront(deps, await createOAuthApp(db))
    expect(told(await foreign.ask(fields, ask))).toBe('401 invalid_client')
  })

  test.each([true, false])('name and connect key are user name and password (client shown: %s)', async (isShown) => {
    const { id, key } = await makeKey()
    const ask = isShown ? {} : { authorization: null }
    for (const username of ['SMS team', id]) {
      const { json } = await front.ask({ grant_type: 'password', username, password: key }, ask)
      expect(json).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) })
    }
    for (const wrong of [{ password: 'wrong' }, { username: 'Others' }]) {
      const fields = { grant_type: 'password', username: id, password: key, ...wrong }
      expect(told(await front.ask(fields, ask))).toBe('400 invalid_grant')
    }
  })

  test('a wrong client secret is not made good by a right password', async () => {
    const { id, key } = await makeKey()
    const fields = { grant_type: 'password', username: id, password: key }
    expect(told(await front.ask(fields, { authorization: basic(app.oauthClientId, 'wrong') }))).toBe(
      '401 invalid_client',
    )
  })

  test('a key that was revoked buys nothing', async () => {
    const { id, key } = await makeKey()
    await revokeConnection(db, { connectionId: id, actor, now })
    const bought = await front.ask({ grant_type: 'client_credentials' }, { authorization: basic(id, key) })
    expect(told(bought)).toBe('401 invalid_client')
  })
})

describe('a call that cannot be read', () => {
  const post = (body: string, type: string) =>
    call(deps, `/api/oauth/${app.key}/token`, { body, headers: { 'content-type': type } })

  test.each([
    ['broken JSON', '{"grant_type":', 'application/json', '400 invalid_request'],
    ['JSON that is no object', '[1]', 'application/json', '401 invalid_client'],
    ['fields that are no texts', '{"grant_type":{"a":1},"client_secret":5}', 'application/json', '401 invalid_client'],
    ['nothing', '', 'application/x-www-form-urlencoded', '401 invalid_client'],
    ['far too much', 'a='.padEnd(30_000, 'x'), 'application/x-www-form-urlencoded', '413 invalid_request'],
  ])('such as %s is refused in OAuth’s words and kept', async (_what, body, type, expected) => {
    expect(told(await post(body, type))).toBe(expected)
    const kept = await db.select().from(requests).where(eq(requests.appId, app.id))
    expect(kept).toMatchObject([{ code: `oauth_${expected.split(' ')[1]}`, bodyExcerpt: null }])
  })
})

describe('upkeep', () => {
  test('forgets tokens that ended, or were replaced, more than a day ago', async () => {
    const { refresh, connectionId } = await signIn()
    await front.refresh(refresh)
    await deleteOldTokens(db, later(2 * DAY_MS))
    const left = await db.select().from(connectionTokens).where(eq(connectionTokens.connectionId, connectionId))
    expect(left).toMatchObject([{ purpose: 'refresh', usedAt: null }])
  })

  test('forgets sign-ins that Front never came back for, and no others', async () => {
    const { connectionId } = await signIn()
    await allow(db, app, { now })
    await deleteOldTokens(db, later(3 * DAY_MS))
    await deleteUnusedGrants(db, later(3 * DAY_MS))
    const left = await db.select({ id: connections.id }).from(connections).where(eq(connections.appId, app.id))
    expect(left).toEqual([{ id: connectionId }])
  })
})
