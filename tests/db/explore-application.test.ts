import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { findAppByUid } from '#db/queries/apps'
import { getChannel, updateChannelRow } from '#db/queries/channels'
import { listConnections } from '#db/queries/connections'
import { findSandboxChannel } from '#db/queries/sandbox-channels'
import { findSandboxProvider, listSandboxProviders } from '#db/queries/sandbox-chat'
import { findSandboxCompany } from '#db/queries/sandbox-company'
import { listSandboxMessages } from '#db/queries/sandbox-messages'
import { listSandboxConversationIds } from '#db/queries/sandbox-threads'
import { exploreApplication } from '#lib/flows/explore-application'
import { exploreSandbox } from '#lib/flows/explore-sandbox'
import { revokeConnection } from '#lib/flows/revoke-connection'
import { encodeBody } from '#lib/http/encode-body'
import type { SendHttp } from '#lib/http/send'
import { deleteAppChannel } from '#lib/sandbox/apps/delete-channel'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { SANDBOX_APP_UID } from '#lib/sandbox/identity'
import { composeAsTeammate } from '#lib/sandbox/teammate'
import type { SealingKeys } from '#lib/secrets'
import { call, doorDeps } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
afterAll(database.close)
const { db } = database
const keys: SealingKeys = [randomBytes(32)]
const actor = 'olga@example.com'
const publicUrl = 'https://patchbay.example'
/** Moves on with every use: Front's clock orders what it tells. */
const clock = { ms: Date.now() }

/** The sandbox's calls reach Patchbay's own endpoints, as over HTTP. */
const send: SendHttp = async (request) => {
  const { headers, body } = await encodeBody(request)
  const door = doorDeps(db, { keys, now: () => new Date(clock.ms) })
  const path = request.url.slice(publicUrl.length)
  const { status, json } = await call(door, path, { method: request.method, headers, body: body && Buffer.from(body) })
  const text = JSON.stringify(json)
  const answer = { status, headers: {}, body: text, bytes: text.length, cut: false }
  return { answer, failure: null, durationMs: 1, ip: null, requestHeaders: headers }
}

function deps(): SandboxDeps {
  clock.ms += 1000
  return { db, keys, publicUrl, now: new Date(clock.ms), random: Math.random, send, later: () => {} }
}

const explore = () => exploreApplication(deps(), { actor })

async function connectionsOf() {
  const company = await findSandboxCompany(db)
  const app = await findAppByUid(db, { companyId: company?.id ?? '', uid: SANDBOX_APP_UID })
  return listConnections(db, { appId: app?.id ?? '' })
}

test('exploring connects an application channel through Front’s own call, once', async () => {
  const first = await explore()
  const channel = await getChannel(db, first.channelId)
  expect(channel).toMatchObject({ kind: 'application', frontChannelId: 'cha_sandboxapp', disconnectedAt: null })
  expect(channel?.connectedAt).not.toBeNull()
  expect(channel?.providerUrl).toBe(`${publicUrl}/sandbox/provider/${first.channelKey}`)
  const atFront = await findSandboxChannel(db, 'cha_sandboxapp')
  expect(atFront?.webhookUrl).toContain(`/channels/${first.channelKey}`)
  expect(await findSandboxProvider(db, first.channelKey)).toMatchObject({ name: 'Sandbox app chat' })
  expect(await explore()).toEqual(first)
  expect(await connectionsOf()).toHaveLength(1)
})

test('a teammate’s first message is taken, under ids that Patchbay made', async () => {
  await explore()
  const letter = { channelId: 'cha_sandboxapp', teammateId: 'tea_mina', handle: 'ada', text: 'Hello Ada', files: [] }
  const at = deps()
  const conversationId = await composeAsTeammate(at, letter)
  const [message] = await listSandboxMessages(db, { conversationId, now: at.now, limit: 1 })
  expect(message).toMatchObject({ sendState: 'sent', sendError: null })
  expect(message?.externalId).toMatch(/^[0-9a-f-]{36}$/)
  expect(await listSandboxConversationIds(db, conversationId)).toHaveLength(1)
})

test('a channel that was deleted in the sandbox is disconnected in Patchbay; exploring brings both back', async () => {
  const { channelId } = await explore()
  expect(await deleteAppChannel(deps(), { channelId: 'cha_sandboxapp', form: 'delete' })).toBeNull()
  expect((await getChannel(db, channelId))?.disconnectedAt).not.toBeNull()
  expect((await explore()).channelId).toBe(channelId)
  expect((await getChannel(db, channelId))?.disconnectedAt).toBeNull()
})

test('a connect key that was revoked is followed by a new one', async () => {
  const { channelId } = await explore()
  const [connection] = await connectionsOf()
  await revokeConnection(db, { connectionId: connection?.id ?? '', actor, now: new Date(clock.ms) })
  expect((await explore()).channelId).toBe(channelId)
  expect((await connectionsOf()).filter((row) => row.revokedAt === null)).toHaveLength(1)
})

test('an archived channel is followed by a new one, and its chat by another', async () => {
  const { channelId, channelKey } = await explore()
  await updateChannelRow(db, { id: channelId, now: new Date(clock.ms), change: { archivedAt: new Date(clock.ms) } })
  const next = await explore()
  expect(next.channelId).not.toBe(channelId)
  expect((await listSandboxProviders(db)).map((row) => row.channelKey)).not.toContain(channelKey)
})

test('both chats stand beside each other', async () => {
  await exploreSandbox(db, { keys, publicUrl, actor, now: new Date(clock.ms) })
  await explore()
  const names = (await listSandboxProviders(db)).map((row) => row.name)
  expect(names.sort()).toEqual(['Sandbox app chat', 'Sandbox chat'])
})
