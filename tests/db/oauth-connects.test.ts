import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { getChannel } from '#db/queries/channels'
import { makeConnectKey } from '#lib/flows/make-connect-key'
import { revokeConnection } from '#lib/flows/revoke-connection'
import {
  type AppFront,
  authorization,
  callApp,
  messageEvent,
  newFrontChannelId,
  prepareChannel,
} from '#tests/support/app-door'
import type { App } from '#tests/support/applications'
import { doorDeps } from '#tests/support/door'
import { allow, asFront, createOAuthApp } from '#tests/support/oauth'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

let app: App

beforeEach(async () => {
  app = await createOAuthApp(db)
})

/** Front after a person allowed it: it shows the access token wherever it showed a connect key. */
async function signedIn(choice?: NonNullable<Parameters<typeof allow>[2]>['choice']): Promise<AppFront> {
  const { code } = await allow(db, app, choice ? { choice } : {})
  const { json } = await asFront(deps, app).exchange(code)
  return { app, key: json.access_token, connectionId: '', channel: null }
}

const connect = (front: AppFront, frontChannelId = newFrontChannelId()) =>
  callApp(deps, front, authorization(frontChannelId), { channelKey: null })

describe('an access token of a sign-in', () => {
  test('connects the channel that the person chose, and lets Front send', async () => {
    const channel = await prepareChannel(db, app, { name: 'Berlin' })
    const front = await signedIn({ kind: 'channel', channelId: channel.id })
    const frontChannelId = newFrontChannelId()
    const { json } = await connect(front, frontChannelId)
    expect(json).toEqual({
      type: 'success',
      webhook_url: `https://patchbay.example/api/front/apps/${app.key}/channels/${channel.key}`,
    })
    expect(await getChannel(db, channel.id)).toMatchObject({ frontChannelId, connectedAt: expect.any(Date) })
    const sent = await callApp(deps, { ...front, channel }, messageEvent())
    expect(sent.json).toMatchObject({ type: 'success', external_id: expect.any(String) })
  })

  test('makes the new channel that the person named', async () => {
    const front = await signedIn({ kind: 'new', name: 'Shop chat', address: 'shop' })
    expect((await connect(front)).json.type).toBe('success')
    const { json } = await asFront(deps, app).introspect(front.key ?? '')
    expect(json).toMatchObject({ front_channel_name: 'Shop chat', front_channel_address: 'shop' })
  })

  test('opens nothing once its connection is revoked', async () => {
    const channel = await prepareChannel(db, app, { name: 'Berlin' })
    const front = await signedIn({ kind: 'channel', channelId: channel.id })
    await connect(front)
    const { json } = await asFront(deps, app).introspect(front.key ?? '')
    expect(json.active).toBe(true)
    const [connection] = await db.query.connections.findMany({ where: (row, { eq }) => eq(row.channelId, channel.id) })
    await revokeConnection(db, { connectionId: connection?.id ?? '', actor: 'mina@example.com', now: new Date() })
    const refused = await callApp(deps, { ...front, channel }, messageEvent())
    expect(refused.json.type).toBe('authentication_required')
  })
})

test('an account of shared credentials lists every channel by its address', async () => {
  app = await createOAuthApp(db, { credentials: 'shared' })
  const [one, two] = [await prepareChannel(db, app, { name: 'One' }), await prepareChannel(db, app, { name: 'Two' })]
  const order = { appId: app.id, name: 'Key', channelId: one.id, address: '+4930123', actor: 'mina@example.com' }
  await makeConnectKey(db, { ...order, now: new Date() })
  const front = await signedIn({ kind: 'new_account', name: 'Acme' })
  const { json } = await callApp(deps, front, { type: 'list_addresses' }, { channelKey: null })
  expect(json.addresses).toEqual([
    { address: '+4930123', name: 'One' },
    { address: two.key, name: 'Two' },
  ])
})
