import { and, asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { listConnections } from '#db/queries/connections'
import { apps } from '#db/schema/apps'
import { auditEvents } from '#db/schema/audit-events'
import { channels } from '#db/schema/channels'
import { reports } from '#db/schema/reports'
import { targets } from '#db/schema/targets'
import { archiveChannel } from '#lib/flows/archive-channel'
import { revokeConnection } from '#lib/flows/revoke-connection'
import { setChannelStatus } from '#lib/flows/set-channel-status'
import {
  addConnectKey,
  authorization,
  callApp,
  connectedApp,
  newFrontChannelId,
  openApp,
  prepareChannel,
} from '#tests/support/app-door'
import { createApplicationChannel } from '#tests/support/applications'
import { doorDeps } from '#tests/support/door'
import { createChannel } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const channelOf = async (id: string) => (await db.select().from(channels).where(eq(channels.id, id)))[0]
const channelsOf = (appId: string) =>
  db.select().from(channels).where(eq(channels.appId, appId)).orderBy(asc(channels.id))
const heldSides = async (channelId: string) =>
  (await db.select().from(targets).where(eq(targets.channelId, channelId))).filter(({ heldSince }) => heldSince).length
const connects = (channelId: string) =>
  db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.channelId, channelId), eq(auditEvents.action, 'channel.connect')))

test('Front connects the channel that was prepared for its key and learns where to post from now on', async () => {
  const front = await openApp(db, { prepared: { name: 'Berlin' } })
  const frontChannelId = newFrontChannelId()
  const event = authorization(frontChannelId, { something_new: { name: 'x' } })
  const answer = await callApp(deps, front, event, { channelKey: null, headers: { host: 'evil.example' } })

  const webhookUrl = `https://patchbay.example/api/front/apps/${front.app.key}/channels/${front.channel?.key}`
  expect(answer).toMatchObject({ status: 200, json: { type: 'success', webhook_url: webhookUrl } })
  const channel = await channelOf(front.channel?.id ?? '')
  expect(channel).toMatchObject({ frontChannelId, connectedAt: expect.any(Date), disconnectedAt: null })
  expect(await heldSides(channel?.id ?? '')).toBe(0)
  expect(await connects(channel?.id ?? '')).toMatchObject([
    { actor: 'front', details: { frontChannelId, connection: 'Berlin', payload: event.payload } },
  ])
})

test('a key without a prepared channel gets a new one of its name, and serves that from now on', async () => {
  const front = await openApp(db)
  const frontChannelId = newFrontChannelId()
  await callApp(deps, front, authorization(frontChannelId))
  const [channel] = await channelsOf(front.app.id)
  expect(channel).toMatchObject({ kind: 'application', name: 'Berlin', frontChannelId, providerUrl: null })
  expect(await listConnections(db, { appId: front.app.id })).toMatchObject([{ channelId: channel?.id }])
})

test('the same authorization again, ten times at once, makes one channel and one entry', async () => {
  const front = await openApp(db)
  const event = authorization()
  const at = new Date()
  const answers = await Promise.all(Array.from({ length: 10 }, () => callApp(deps, front, event, { at })))
  expect(new Set(answers.map(({ json }) => json.webhook_url)).size).toBe(1)
  const made = await channelsOf(front.app.id)
  expect(made).toHaveLength(1)
  expect(await connects(made[0]?.id ?? '')).toHaveLength(1)
})

test('connecting again brings a channel back that was offline, and tells Front', async () => {
  const front = await connectedApp(db, deps)
  const { id: channelId } = front.channel
  await setChannelStatus(db, { channelId, status: 'offline', reason: 'Key ended', by: 'rule', now: new Date() })
  expect(await heldSides(channelId)).toBe(1)
  const answer = await callApp(deps, front, authorization(front.frontChannelId), { channelKey: null })
  expect(answer.json.type).toBe('success')
  expect(await channelOf(channelId)).toMatchObject({ offlineSince: null })
  expect(await heldSides(channelId)).toBe(0)
  const told = await db.select().from(reports).where(eq(reports.channelId, channelId)).orderBy(asc(reports.id))
  expect(told.map(({ payload }) => payload)).toEqual([{ status: 'offline' }, { status: 'ok' }])
})

test('an old authorization that comes again brings nothing back', async () => {
  const front = await connectedApp(db, deps)
  const { id: channelId } = front.channel
  await setChannelStatus(db, { channelId, status: 'offline', reason: 'Key ended', by: 'rule', now: new Date() })
  const at = front.connectedAt
  const answer = await callApp(deps, front, authorization(front.frontChannelId), { channelKey: null, at })
  expect(answer.json.type).toBe('success')
  expect((await channelOf(channelId))?.offlineSince).not.toBeNull()
})

test('a new key of the app takes a channel over when it connects it again', async () => {
  const front = await connectedApp(db, deps)
  const other = await addConnectKey(db, front.app)
  await revokeConnection(db, { connectionId: front.connectionId, actor: 'ada@example.com', now: new Date() })
  const answer = await callApp(deps, { ...front, ...other }, authorization(front.frontChannelId), { channelKey: null })
  expect(answer.json.webhook_url).toContain(front.channel.key)
  const listed = await listConnections(db, { appId: front.app.id })
  expect(listed.find(({ id }) => id === other.connectionId)?.channelId).toBe(front.channel.id)
})

test('a channel that Front removed and adds anew with the same key goes on under its new id', async () => {
  const front = await connectedApp(db, deps)
  await callApp(deps, front, { type: 'delete', payload: { channel_id: front.frontChannelId } }, { method: 'DELETE' })
  const again = newFrontChannelId()
  await callApp(deps, front, authorization(again), { channelKey: null })
  expect(await channelOf(front.channel.id)).toMatchObject({ frontChannelId: again, disconnectedAt: null })
  expect((await connects(front.channel.id)).at(-1)?.details).toMatchObject({ replaces: front.frontChannelId })
})

test('one key does not connect a second channel while it serves the first', async () => {
  const front = await connectedApp(db, deps)
  const answer = await callApp(deps, front, authorization(), { channelKey: null })
  expect(answer.json).toEqual({
    type: 'forbidden',
    message: expect.stringContaining('already serves the channel “Berlin”'),
  })
  expect(await channelsOf(front.app.id)).toHaveLength(1)
})

test.each(['another app', 'a custom channel'])(
  'a Front channel that belongs to %s is not given away',
  async (owner) => {
    const front = await openApp(db)
    const { companyId } = front.app
    const other = await openApp(db, owner === 'another app' ? {} : { companyId })
    const taken =
      owner === 'another app'
        ? await createApplicationChannel(db, other.app)
        : await createChannel(db, { companyId, kind: 'custom' })
    const answer = await callApp(deps, front, authorization(taken.frontChannelId))
    expect(answer.json).toEqual({ type: 'forbidden', message: expect.stringContaining('belongs to another channel') })
    await archiveChannel(db, { channelId: taken.id, typedName: taken.name, actor: 'ada@example.com', now: new Date() })
    expect((await callApp(deps, front, authorization(taken.frontChannelId))).json.type).toBe('success')
  },
)

test('an app without authentication connects its oldest prepared channel, and makes one when none waits', async () => {
  const front = await openApp(db, { authMethod: 'none', prepared: { name: 'First' }, name: 'Open app' })
  const ids = [newFrontChannelId(), newFrontChannelId()]
  for (const id of ids) await callApp(deps, front, authorization(id), { channelKey: null })
  expect(await channelsOf(front.app.id)).toMatchObject([
    { name: 'First', frontChannelId: ids[0] },
    { name: 'Open app', frontChannelId: ids[1] },
  ])
})

test('a shared credential connects the prepared channel whose address Front names, wherever it names it', async () => {
  const front = await openApp(db, { credentials: 'shared' })
  await prepareChannel(db, front.app, { name: 'One' })
  const two = await prepareChannel(db, front.app, { name: 'Two' })
  const frontChannelId = newFrontChannelId()
  await callApp(deps, front, authorization(frontChannelId, { chosen: { address: two.key } }))
  expect(await channelOf(two.id)).toMatchObject({ frontChannelId })
  expect(await listConnections(db, { appId: front.app.id })).toMatchObject([{ channelId: null }])
})

test('what Front showed and how it signed is noted on the app and on the connection', async () => {
  const front = await openApp(db)
  await callApp(deps, front, authorization())
  expect((await db.select().from(apps).where(eq(apps.id, front.app.id)))[0]).toMatchObject({
    signatureVariant: 'sha256_timestamp_raw',
    lastSeenAt: expect.any(Date),
  })
  expect(await listConnections(db, { appId: front.app.id })).toMatchObject([
    { credentialVariant: 'bearer', lastUsedAt: expect.any(Date) },
  ])
})

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

test.each<[string, (key: string) => Record<string, string>]>([
  ['basic', (key) => ({ authorization: basic(`someone:${key}`) })],
  ['basic', (key) => ({ authorization: basic(`${key}:`) })],
  ['api_key_header', (key) => ({ 'x-api-key': key })],
  ['bare', (key) => ({ authorization: key })],
])('a key shown as %s opens too, and is noted as that', async (variant, headers) => {
  const front = await openApp(db)
  const answer = await callApp(deps, front, authorization(), { key: null, headers: headers(front.key ?? '') })
  expect(answer.json.type).toBe('success')
  expect(await listConnections(db, { appId: front.app.id })).toMatchObject([{ credentialVariant: variant }])
})

test.each(['missing', 'unknown', 'revoked', 'of another app'])(
  'a key that is %s is told how to connect again',
  async (what) => {
    const front = await openApp(db)
    const other = await openApp(db)
    if (what === 'revoked') {
      await revokeConnection(db, { connectionId: front.connectionId, actor: 'ada@example.com', now: new Date() })
    }
    const keys = { missing: null, unknown: 'pbc_nobody', revoked: front.key, 'of another app': other.key }
    const key = keys[what as keyof typeof keys]
    const answer = await callApp(deps, front, authorization(), { key })
    expect(answer).toMatchObject({ status: 200, json: { type: 'authentication_required' } })
    expect(answer.json.message).toContain('connect it to Patchbay again')
    expect(await channelsOf(front.app.id)).toEqual([])
  },
)
