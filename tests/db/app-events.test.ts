import { and, asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { apps } from '#db/schema/apps'
import { auditEvents } from '#db/schema/audit-events'
import { channels } from '#db/schema/channels'
import { requests } from '#db/schema/requests'
import { targets } from '#db/schema/targets'
import { archiveChannel } from '#lib/flows/archive-channel'
import { revokeConnection } from '#lib/flows/revoke-connection'
import { seal } from '#lib/secrets'
import {
  addConnectKey,
  authorization,
  type Connected,
  callApp,
  connectedApp,
  messageEvent,
  openApp,
  prepareChannel,
} from '#tests/support/app-door'
import { doorDeps } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const channelOf = async (id: string) => (await db.select().from(channels).where(eq(channels.id, id)))[0]
const requestsOf = (appId: string) =>
  db.select().from(requests).where(eq(requests.appId, appId)).orderBy(asc(requests.id))
const removals = (channelId: string) =>
  db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.channelId, channelId), eq(auditEvents.action, 'channel.disconnect')))

const deletion = (front: Connected) => ({ type: 'delete', payload: { channel_id: front.frontChannelId } })
const remove = (front: Connected, how: Parameters<typeof callApp>[3] = {}) =>
  callApp(deps, front, deletion(front), { method: 'DELETE', ...how })

test.each<[string, (front: Connected) => ReturnType<typeof callApp>]>([
  ['DELETE with a signed body', (front) => remove(front)],
  ['DELETE with a body, signed as undefined', (front) => remove(front, { signed: 'undefined' })],
  ['DELETE without a body, signed as undefined', (front) => callApp(deps, front, null, { method: 'DELETE' })],
  ['DELETE without a body, signed as empty', (front) => callApp(deps, front, null, { method: 'DELETE', signed: '' })],
  ['DELETE without a body, signed as {}', (front) => callApp(deps, front, null, { method: 'DELETE', signed: '{}' })],
  ['POST with a body', (front) => remove(front, { method: 'POST' })],
  ['POST without a body', (front) => callApp(deps, front, null)],
  ['DELETE on the app’s own address', (front) => remove(front, { channelKey: null })],
  ['DELETE there without a body', (front) => callApp(deps, front, null, { method: 'DELETE', channelKey: null })],
  ['DELETE there without a credential', (front) => remove(front, { channelKey: null, key: null })],
])('Front removes a channel by %s', async (_what, send) => {
  const front = await connectedApp(db, deps)
  expect(await send(front)).toMatchObject({ status: 200, json: { type: 'success' } })
  expect(await channelOf(front.channel.id)).toMatchObject({ disconnectedAt: expect.any(Date), archivedAt: null })
  const sides = await db.select().from(targets).where(eq(targets.channelId, front.channel.id))
  expect(sides.every(({ heldReason }) => heldReason?.startsWith('Front removed this channel'))).toBe(true)
  expect(await removals(front.channel.id)).toMatchObject([{ actor: 'front' }])
})

test('a removal works after the key was revoked, and again changes nothing', async () => {
  const front = await connectedApp(db, deps)
  await revokeConnection(db, { connectionId: front.connectionId, actor: 'ada@example.com', now: new Date() })
  for (const _time of [1, 2]) expect((await remove(front)).json).toEqual({ type: 'success' })
  expect(await removals(front.channel.id)).toHaveLength(1)
})

test('a removal that is older than the last connect comes too late', async () => {
  const front = await connectedApp(db, deps)
  const at = new Date(front.connectedAt.getTime() - 1000)
  expect((await remove(front, { at })).status).toBe(200)
  expect(await channelOf(front.channel.id)).toMatchObject({ disconnectedAt: null })
  expect(await requestsOf(front.app.id)).toMatchObject([{ code: 'outdated', channelId: front.channel.id }])
})

test('a removal by the id that the channel had before it was added anew comes too late', async () => {
  const front = await connectedApp(db, deps)
  await remove(front, { at: new Date(Date.now() - 5000) })
  await callApp(deps, front, authorization(), { channelKey: null })
  await remove(front)
  expect(await channelOf(front.channel.id)).toMatchObject({ disconnectedAt: null })
})

test('nothing is taken from a body that the signature does not cover', async () => {
  const [front, other] = [await connectedApp(db, deps), await connectedApp(db, deps)]
  const lie = { type: 'delete', payload: { channel_id: other.frontChannelId } }
  await callApp(deps, front, lie, { method: 'DELETE', signed: 'undefined' })
  expect(await channelOf(other.channel.id)).toMatchObject({ disconnectedAt: null })
  expect(await channelOf(front.channel.id)).toMatchObject({ disconnectedAt: expect.any(Date) })
})

test('removing a channel that is archived is no failure', async () => {
  const front = await connectedApp(db, deps)
  const { id: channelId, name: typedName } = front.channel
  await archiveChannel(db, { channelId, typedName, actor: 'ada@example.com', now: new Date() })
  expect((await remove(front)).json).toEqual({ type: 'success' })
})

test('addresses come in pages of fifty: prepared and connected channels of the app', async () => {
  const front = await openApp(db, { credentials: 'shared' })
  for (let n = 0; n < 60; n += 1) await prepareChannel(db, front.app, { name: `Line ${n}` })
  const list = (payload: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    callApp(deps, front, { type: 'list_addresses', payload, ...more })
  const first = await list({})
  const next_page_token = first.json.pagination.next_page_token
  const [second, elsewhere] = [
    await list({ page_token: next_page_token }),
    await list({}, { pagination: { next_page_token } }),
  ]

  expect(first.json).toMatchObject({ type: 'success', addresses: { length: 50 } })
  expect(first.json.addresses[0]).toEqual({ address: expect.stringMatching(/^ch_/), name: 'Line 0' })
  expect(second.json.addresses).toHaveLength(10)
  expect(second.json.pagination).toBeUndefined()
  expect(elsewhere.json).toEqual(second.json)
  expect((await list({ page_token: 'xyz' })).json).toMatchObject({ type: 'bad_request' })
})

test('a key of one channel lists that channel alone', async () => {
  const front = await openApp(db, { credentials: 'shared', prepared: { name: 'Mine' } })
  await prepareChannel(db, front.app, { name: 'Not mine' })
  const listed = await callApp(deps, front, { type: 'list_addresses' }, { channelKey: null })
  expect(listed.json.addresses).toEqual([{ address: front.channel?.key, name: 'Mine' }])
  const unbound = await openApp(db)
  expect((await callApp(deps, unbound, { type: 'list_addresses' })).json.addresses).toEqual([])
})

test('Front’s challenge is echoed', async () => {
  const front = await openApp(db)
  const headers = { 'x-front-challenge': 'abc 123' }
  const answer = await callApp(deps, front, { type: 'sync', authorization: { id: 'cmp_1' } }, { headers, key: null })
  expect(answer).toMatchObject({ status: 200, json: { challenge: 'abc 123' } })
})

test('an event that nobody knows is answered with 200 and kept by its name', async () => {
  const front = await connectedApp(db, deps)
  const answer = await callApp(deps, front, { type: 'typing', payload: { user: 'x' } })
  expect(answer).toMatchObject({ status: 200, json: {} })
  expect(await requestsOf(front.app.id)).toMatchObject([
    { code: 'unknown_event', message: expect.stringContaining('“typing”'), channelId: front.channel.id, status: 200 },
  ])
})

test('typed errors have status 200, or the one of their code where the app says so', async () => {
  const front = await connectedApp(db, deps)
  const ask = () => callApp(deps, front, messageEvent(), { key: null })
  expect(await ask()).toMatchObject({ status: 200, json: { type: 'authentication_required' } })
  await db.update(apps).set({ errorStatus: 'matching' }).where(eq(apps.id, front.app.id))
  expect(await ask()).toMatchObject({ status: 401, json: { type: 'authentication_required' } })
})

test('the key of another channel of the app is refused for this one', async () => {
  const front = await connectedApp(db, deps)
  const second = await prepareChannel(db, front.app, { name: 'Second' })
  const other = await addConnectKey(db, front.app, second.id)
  const unbound = await addConnectKey(db, front.app)
  for (const { key } of [other, unbound]) {
    expect((await callApp(deps, front, messageEvent(), { key })).json).toMatchObject({ type: 'forbidden' })
  }
})

test('during a rotation the previous secret verifies too, until its time is over', async () => {
  const front = await connectedApp(db, deps)
  const { secretSealed } = front.app
  const change = { secretSealed: seal('the new secret', deps.keys), previousSecretSealed: secretSealed }
  const set = (previousSecretUntil: Date) =>
    db
      .update(apps)
      .set({ ...change, previousSecretUntil })
      .where(eq(apps.id, front.app.id))
  await set(new Date(Date.now() + 60_000))
  expect((await callApp(deps, front, messageEvent())).json.type).toBe('success')
  expect((await callApp(deps, front, messageEvent(), { secret: 'the new secret' })).json.type).toBe('success')
  await set(new Date(Date.now() - 1000))
  expect((await callApp(deps, front, messageEvent())).status).toBe(401)
})
