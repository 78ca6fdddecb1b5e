import type { Transaction } from '#db/client'
import { type App, findAppByUid, updateAppRow } from '#db/queries/apps'
import { type Channel, getChannel, getChannelByFrontId } from '#db/queries/channels'
import { findConnectionByToken } from '#db/queries/connections'
import { findSandboxCredential, insertSandboxCredential, putSandboxApp } from '#db/queries/sandbox-apps'
import { findAnySandboxChannel, putSandboxChannel } from '#db/queries/sandbox-channels'
import { lockSandboxSetUp } from '#db/queries/sandbox-company'
import { appAddresses } from '#lib/channels/addresses'
import { AppError } from '#lib/errors'
import { type Exploring, openChatChannel, pointToChat, prepareChat, prepareCompany } from '#lib/flows/explore-parts'
import { CHAT_THREADING } from '#lib/flows/explore-sandbox'
import { addConnectKey } from '#lib/flows/make-connect-key'
import { addApp } from '#lib/flows/register-app'
import { authorizeChannel } from '#lib/sandbox/apps/authorize'
import { openCredentials, sealCredentials } from '#lib/sandbox/apps/credentials'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { frontId, SANDBOX_APP_UID, SANDBOX_INBOXES, sandboxAppSecret } from '#lib/sandbox/identity'
import { hashToken, seal } from '#lib/secrets'

const FRONT_CHANNEL_ID = 'cha_sandboxapp'
const CHANNEL_NAME = 'Sandbox app chat'
const APP_NAME = 'Sandbox app'

/**
 * Makes an application channel ready to be tried: an app that Patchbay and the sandbox's Front both know, a channel of it
 * with a chat page as its provider, and a connect key, with which the sandbox's Front then connects the channel over HTTP.
 * What is there already stays; what no longer works is put right.
 * @throws AppError `upstream_refused` with the reason when the connection was refused
 */
export async function exploreApplication(
  deps: SandboxDeps,
  { actor }: { actor: string },
): Promise<{ channelId: string; channelKey: string }> {
  const exploring = { ...deps, actor }
  const { channel, atFront } = await deps.db.transaction((tx) => prepare(tx, exploring))
  const result = await authorizeChannel(deps, atFront)
  if (!result.ok) throw new AppError('upstream_refused', `Patchbay refused the sandbox’s Front. ${result.reason}`)
  return { channelId: channel.id, channelKey: channel.key }
}

type Working = Exploring & Pick<SandboxDeps, 'random'>

async function prepare(tx: Transaction, working: Working) {
  await lockSandboxSetUp(tx)
  const company = await prepareCompany(tx, working)
  const app = await prepareApp(tx, company.id, working)
  const { channel, key } = await prepareChannel(tx, app, working)
  await pointToChat(tx, channel, working)
  await prepareChat(tx, { channel, name: CHANNEL_NAME }, working)
  return { channel, atFront: await prepareFrontChannel(tx, key, working) }
}

/** Both sides know the app, and its secret is the same on both. */
async function prepareApp(tx: Transaction, companyId: string, { keys, publicUrl, actor, now }: Working): Promise<App> {
  const secret = sandboxAppSecret(keys)
  const known = await findAppByUid(tx, { companyId, uid: SANDBOX_APP_UID })
  const described = { companyId, name: APP_NAME, uid: SANDBOX_APP_UID, credentials: 'private' as const }
  const app = known ?? (await addApp(tx, { ...described, authMethod: 'api_token', secret, actor, keys, now })).app
  if (known) await updateAppRow(tx, { id: known.id, now, change: { secretSealed: seal(secret, keys) } })
  const { server } = appAddresses({ publicUrl, appKey: app.key })
  const secretSealed = seal(secret, keys)
  await putSandboxApp(tx, { uid: SANDBOX_APP_UID, name: APP_NAME, secretSealed, serverUrl: server })
  return app
}

/** Patchbay's channel, and a connect key that opens it. */
async function prepareChannel(tx: Transaction, app: App, working: Working): Promise<{ channel: Channel; key: string }> {
  const { actor, now } = working
  const key = await knownKey(tx, working)
  const opened = key === null ? null : await openedBy(tx, app, key)
  const connected = await getChannelByFrontId(tx, { companyId: app.companyId, frontChannelId: FRONT_CHANNEL_ID })
  const known = connected ?? opened
  if (key !== null && known && opened?.id === known.id) return { channel: known, key }
  const { id: appId, companyId } = app
  const basics = { kind: 'application' as const, appId, companyId, name: CHANNEL_NAME, threading: CHAT_THREADING }
  const channel = known ?? (await openChatChannel(tx, { basics, frontChannelId: null }, working))
  const made = await addConnectKey(tx, { appId: app.id, name: 'Sandbox', channelId: channel.id, actor, now })
  if (made.key === null)
    throw new AppError('conflict', 'The sandbox’s app takes no connect keys: its settings changed.')
  return { channel, key: made.key }
}

/** The key that the sandbox's Front shows now. */
async function knownKey(tx: Transaction, { keys }: Working): Promise<string | null> {
  const atFront = await findAnySandboxChannel(tx, FRONT_CHANNEL_ID)
  const credential = atFront?.credentialId ? await findSandboxCredential(tx, atFront.credentialId) : undefined
  return credential ? (openCredentials(credential.sealed, keys).access_token ?? null) : null
}

/** The channel in use that a key opens; null when it opens none any more. */
async function openedBy(tx: Transaction, app: App, key: string): Promise<Channel | null> {
  const found = await findConnectionByToken(tx, hashToken(key))
  if (!found || found.connection.revokedAt || found.app.id !== app.id || !found.connection.channelId) return null
  const channel = await getChannel(tx, found.connection.channelId)
  return channel && !channel.archivedAt ? channel : null
}

async function prepareFrontChannel(tx: Transaction, key: string, { keys, random, now }: Working) {
  const sealed = sealCredentials({ access_token: key }, keys)
  const row = { id: frontId('crd', random), appUid: SANDBOX_APP_UID, sealed, createdAt: now }
  const credential = await insertSandboxCredential(tx, row)
  return putSandboxChannel(tx, {
    id: FRONT_CHANNEL_ID,
    inboxId: SANDBOX_INBOXES[0].id,
    name: CHANNEL_NAME,
    type: 'custom',
    address: 'app-chat@custom.sandbox.example',
    appUid: SANDBOX_APP_UID,
    credentialId: credential.id,
    settings: {},
  })
}
