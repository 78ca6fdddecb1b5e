import { afterAll, expect, test } from 'vitest'
import { findConnectionByToken, getConnection, listConnections, noteConnectionUse } from '#db/queries/connections'
import { auditEvents } from '#db/schema/audit-events'
import { channels } from '#db/schema/channels'
import { connectionTokens } from '#db/schema/connections'
import { archiveChannel } from '#lib/flows/archive-channel'
import { makeConnectKey } from '#lib/flows/make-connect-key'
import { openChannel } from '#lib/flows/open-channel'
import { revokeConnection } from '#lib/flows/revoke-connection'
import { hashToken } from '#lib/secrets'
import { createApp, createApplicationChannel } from '#tests/support/applications'
import { KEYS } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const NOW = new Date('2026-11-01T12:00:00Z')
const order = { name: 'Berlin support', channelId: null, actor: 'ada@example.com', now: NOW }

async function makeKey(more: Partial<Parameters<typeof makeConnectKey>[1]> = {}) {
  const app = await createApp(db, { keys: KEYS })
  const made = await makeConnectKey(db, { ...order, appId: app.id, ...more })
  if (made.key === null) throw new Error('The app should need a key.')
  return { app, key: made.key, connection: made.connection }
}

test('a connect key is told once; of it only a hash and its last four characters stay', async () => {
  const { app, key, connection } = await makeKey()
  expect(key).toMatch(/^pbc_[\w-]{27}$/)
  expect(connection).toMatchObject({ kind: 'key', hint: key.slice(-4), name: 'Berlin support' })
  const found = await findConnectionByToken(db, hashToken(key))
  expect(found).toMatchObject({ connection: { id: connection.id }, app: { id: app.id }, token: { purpose: 'key' } })
  const everything = JSON.stringify([await db.select().from(connectionTokens), await db.select().from(auditEvents)])
  expect(everything).not.toContain(key)
})

test('an app without authentication gets a connection that needs no key', async () => {
  const app = await createApp(db, { keys: KEYS, authMethod: 'none' })
  const made = await makeConnectKey(db, { ...order, appId: app.id })
  expect(made).toMatchObject({ key: null, connection: { kind: 'open', hint: null } })
})

test('a connect key may belong to a channel that is prepared and not connected yet', async () => {
  const app = await createApp(db, { keys: KEYS })
  const basics = { kind: 'application', appId: app.id, companyId: app.companyId, name: 'Berlin' } as const
  const rest = { frontChannelId: null, frontInboxId: null, actor: 'ada@example.com', keys: KEYS, now: NOW }
  const threading = { type: 'sender' } as const
  const { channel } = await db.transaction((tx) => openChannel(tx, { basics: { ...basics, threading }, ...rest }))
  expect(channel).toMatchObject({ kind: 'application', appId: app.id, connectedAt: null })
  await makeConnectKey(db, { ...order, appId: app.id, channelId: channel.id })
  expect(await listConnections(db, { appId: app.id })).toMatchObject([{ channelId: channel.id, channelName: 'Berlin' }])
})

test('a connect key opens no channel of another app, and no archived one', async () => {
  const { app } = await makeKey()
  const other = await createApp(db, { keys: KEYS, companyId: app.companyId })
  const channel = await createApplicationChannel(db, other)
  const wanted = { ...order, appId: app.id, channelId: channel.id }
  await expect(makeConnectKey(db, wanted)).rejects.toMatchObject({ code: 'conflict' })
  await db.update(channels).set({ archivedAt: NOW })
  await expect(makeConnectKey(db, { ...wanted, appId: other.id })).rejects.toMatchObject({ code: 'channel_disabled' })
})

test('two connections of an app never share an address; a revoked one gives it back', async () => {
  const { app, connection } = await makeKey({ address: 'berlin' })
  const again = { ...order, appId: app.id, address: 'berlin' }
  await expect(makeConnectKey(db, again)).rejects.toMatchObject({ code: 'conflict', details: [{ path: 'address' }] })
  await revokeConnection(db, { connectionId: connection.id, actor: 'ada@example.com', now: NOW })
  expect((await makeConnectKey(db, again)).connection.address).toBe('berlin')
})

test('revoking a connection twice changes nothing the second time', async () => {
  const { app, connection } = await makeKey()
  const revocation = { connectionId: connection.id, actor: 'ada@example.com', now: NOW }
  expect(await revokeConnection(db, revocation)).toBe(true)
  expect(await revokeConnection(db, { ...revocation, actor: 'bob@example.com' })).toBe(false)
  expect(await listConnections(db, { appId: app.id })).toMatchObject([{ revokedBy: 'ada@example.com', revokedAt: NOW }])
})

test('the last use moves once a minute, and at once when Front shows the key in another form', async () => {
  const { app, connection } = await makeKey()
  const use = async (seconds: number, variant: 'bearer' | 'basic' = 'bearer') => {
    const now = new Date(NOW.getTime() + seconds * 1000)
    await noteConnectionUse(db, { connectionId: connection.id, variant, now })
    const [row] = await listConnections(db, { appId: app.id })
    return { seconds: ((row?.lastUsedAt?.getTime() ?? 0) - NOW.getTime()) / 1000, variant: row?.credentialVariant }
  }
  expect(await use(0)).toEqual({ seconds: 0, variant: 'bearer' })
  expect(await use(30)).toEqual({ seconds: 0, variant: 'bearer' })
  expect(await use(61)).toEqual({ seconds: 61, variant: 'bearer' })
  expect(await use(62, 'basic')).toEqual({ seconds: 62, variant: 'basic' })
})

test('archiving a channel ends its connections, so that a key that is still about makes no new channel', async () => {
  const app = await createApp(db, { keys: KEYS })
  const channel = await createApplicationChannel(db, app)
  const { connection } = await makeConnectKey(db, { ...order, appId: app.id, channelId: channel.id })
  await archiveChannel(db, { channelId: channel.id, typedName: channel.name, actor: order.actor, now: NOW })
  expect(await getConnection(db, connection.id)).toMatchObject({ revokedAt: NOW, revokedBy: order.actor })
})
