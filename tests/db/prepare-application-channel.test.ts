import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { getChannel } from '#db/queries/channels'
import { findConnectionByToken, listConnections } from '#db/queries/connections'
import type { AuthMethod } from '#db/schema/apps'
import { channels } from '#db/schema/channels'
import { channelCredentials } from '#lib/channels/app-credentials'
import { isUnfinished, unfinishedFrontId } from '#lib/channels/channel-status'
import { AppError } from '#lib/errors'
import { createApplicationChannel, prepareApplicationChannel } from '#lib/flows/prepare-application-channel'
import type { FrontClient } from '#lib/front/client'
import { hashToken } from '#lib/secrets'
import { createApp } from '#tests/support/applications'
import { KEYS } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const NOW = new Date('2026-11-27T12:00:00Z')

type PostChannel = FrontClient['postChannel']

async function start({ authMethod = 'api_token', archivedAt }: { authMethod?: AuthMethod; archivedAt?: Date } = {}) {
  const app = await createApp(db, { keys: KEYS, authMethod, ...(archivedAt ? { archivedAt } : {}) })
  const basics = { name: 'Help desk', threading: { type: 'sender' as const }, receiveOnly: true }
  const order = { appId: app.id, basics, frontInboxId: null, actor: 'ada@example.com', keys: KEYS, now: NOW }
  const create = (postChannel: PostChannel) =>
    createApplicationChannel(db, { ...order, frontInboxId: 'inb_1', front: { postChannel } })
  const listOwn = () => db.select().from(channels).where(eq(channels.appId, app.id))
  return { app, order, create, listOwn }
}

test('a prepared channel waits for Front with a connect key that opens just it', async () => {
  const { app, order } = await start()
  const { channel, connectKey } = await prepareApplicationChannel(db, order)
  expect(channel).toMatchObject({ kind: 'application', appId: app.id, companyId: app.companyId, connectedAt: null })
  expect(isUnfinished(channel.frontChannelId)).toBe(true)
  const found = await findConnectionByToken(db, hashToken(connectKey?.key ?? ''))
  expect(found?.connection).toMatchObject({ id: connectKey?.user, channelId: channel.id })
})

for (const authMethod of ['oauth', 'none'] as const) {
  test(`no key is made for an app whose authentication is ${authMethod}`, async () => {
    const { app, order } = await start({ authMethod })
    expect((await prepareApplicationChannel(db, order)).connectKey).toBeNull()
    expect(await listConnections(db, { appId: app.id })).toEqual([])
  })
}

test('nothing is prepared for an archived app', async () => {
  const { order, listOwn } = await start({ archivedAt: NOW })
  await expect(prepareApplicationChannel(db, order)).rejects.toMatchObject({ code: 'conflict' })
  expect(await listOwn()).toEqual([])
})

test('Front is asked for a channel of the app with the key that opens it, in the shape of the app', async () => {
  const { app, create } = await start({ authMethod: 'client_credentials' })
  const asked: unknown[] = []
  const made = await create(async (channel) => {
    asked.push(channel)
    return null
  })
  expect(made.created).toBe(true)
  const credentials = { client_id: made.connectKey?.user, client_secret: made.connectKey?.key }
  expect(asked).toEqual([{ inboxId: 'inb_1', name: 'Help desk', applicationUid: app.uid, credentials }])
})

test('when Front says no, its words are passed on and nothing is left behind', async () => {
  const { app, create, listOwn } = await start()
  const refusal = new AppError('upstream_refused', 'Front knows no such application.')
  await expect(create(() => Promise.reject(refusal))).rejects.toBe(refusal)
  expect(await listOwn()).toEqual([])
  expect(await listConnections(db, { appId: app.id })).toEqual([])
})

test('when Front’s answer is lost, the channel goes on waiting and the key is still there to be pasted', async () => {
  const { create } = await start()
  const made = await create(() => Promise.reject(new AppError('unavailable', 'Front did not answer.')))
  expect(made).toMatchObject({ created: false, connectKey: { key: expect.stringMatching(/^pbc_/) } })
  expect(await getChannel(db, made.channel.id)).toMatchObject({ frontChannelId: unfinishedFrontId(made.channel.id) })
})

test('a channel that Front connected before it said no stays', async () => {
  const { create, listOwn, app } = await start()
  const made = await create(async () => {
    await db.update(channels).set({ frontChannelId: 'cha_9', connectedAt: NOW }).where(eq(channels.appId, app.id))
    throw new AppError('upstream_refused', 'Something else went wrong.')
  })
  expect(made.created).toBe(true)
  expect(await listOwn()).toMatchObject([{ frontChannelId: 'cha_9' }])
})

test('every way of signing in has its shape in Front’s call', () => {
  const key = { user: 'u', key: 'k' }
  const shapes = (['api_token', 'api_key', 'basic', 'password', 'client_credentials', 'oauth', 'none'] as const).map(
    (method) => channelCredentials(method, key),
  )
  expect(shapes).toEqual([
    { access_token: 'k' },
    { api_key: 'k' },
    { username: 'u', password: 'k' },
    { username: 'u', password: 'k' },
    { client_id: 'u', client_secret: 'k' },
    null,
    null,
  ])
})
