import {
  findSandboxApp,
  findSandboxCredential,
  insertSandboxCredential,
  type SandboxApp,
  updateSandboxCredential,
} from '#db/queries/sandbox-apps'
import {
  findSandboxChannel,
  insertSandboxChannel,
  listSandboxChannels,
  updateSandboxChannel,
} from '#db/queries/sandbox-channels'
import { AppError } from '#lib/errors'
import { type Authorized, authorizeChannel, listAddresses } from '#lib/sandbox/apps/authorize'
import { type Credentials, NEEDED, sealCredentials } from '#lib/sandbox/apps/credentials'
import { firstTokens, withTokens } from '#lib/sandbox/apps/fresh-credential'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { newAddress } from '#lib/sandbox/front/new-address'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { frontId } from '#lib/sandbox/identity'

/** A channel that was made, or a shared connection of which an address is still to be chosen. */
export type Connected = { kind: 'channel'; channel: SandboxChannel } | { kind: 'choose_address'; credentialId: string }

type Wish = { appUid: string; inboxId: string; name: string | null }

/**
 * Connects a channel with what a person typed in, as Front's settings do: the server is asked at once, and a channel
 * that it refuses is not kept.
 * @throws AppError `invalid_input` when something is missing, `upstream_refused` with the server's reason
 */
export async function connectByCredentials(
  deps: SandboxDeps,
  { given, ...wish }: Wish & { given: Credentials },
): Promise<Connected> {
  const app = await requireApp(deps, wish.appUid)
  const credentialId = await keepCredential(deps, { app, given })
  if (app.credentials === 'shared') return { kind: 'choose_address', credentialId }
  const { inboxId } = wish
  const place = { inboxId, name: wish.name ?? app.name, address: newAddress(deps.random) }
  return { kind: 'channel', channel: await openAppChannel(deps, { app, credentialId, ...place }) }
}

/**
 * Makes a channel for one address of a shared connection.
 * @throws AppError `not_found` for an address that the server does not list, `conflict` when it has a channel
 */
export async function connectAddress(
  deps: SandboxDeps,
  { credentialId, address, inboxId }: { credentialId: string; address: string; inboxId: string },
): Promise<SandboxChannel> {
  const credential = await findSandboxCredential(deps.db, credentialId)
  if (!credential) throw new AppError('not_found', 'This connection is gone. Connect again.')
  const app = await requireApp(deps, credential.appUid)
  const listed = (await listAddresses(deps, { app, credentialId })).find((one) => one.address === address)
  if (!listed) throw new AppError('not_found', 'The server no longer lists that address.')
  return openAppChannel(deps, { app, credentialId, inboxId, ...listed })
}

type Opening = { app: SandboxApp; credentialId: string; inboxId: string; name: string; address: string }

/** Makes a channel and authorizes it. What the server refuses is taken back. */
export async function openAppChannel(deps: SandboxDeps, { app, ...place }: Opening): Promise<SandboxChannel> {
  await refuseTakenAddress(deps, { appUid: app.uid, address: place.address })
  const channel = await insertSandboxChannel(deps.db, {
    ...place,
    id: frontId('cha', deps.random),
    type: 'custom',
    appUid: app.uid,
    contactType: app.contactType,
    settings: {},
  })
  const result = await authorizeChannel(deps, channel)
  if (!result.ok) {
    await updateSandboxChannel(deps.db, channel.id, { deletedAt: deps.now })
    throw new AppError('upstream_refused', result.reason)
  }
  return channel
}

async function refuseTakenAddress(
  { db }: SandboxDeps,
  { appUid, address }: { appUid: string; address: string },
): Promise<void> {
  const [other] = await listSandboxChannels(db, { appUid, address })
  if (!other) return
  throw new AppError('conflict', `There is a channel with the address ${address} already: ${other.name}.`)
}

/** Stores what Front is to show the server, with the tokens that it buys. Returns its id. */
export async function keepCredential(
  deps: SandboxDeps,
  { app, given }: { app: SandboxApp; given: Credentials },
): Promise<string> {
  const needed = NEEDED[app.authMethod]
  if (needed.some((name) => !given[name])) {
    throw new AppError('invalid_input', 'Fill in what the app’s server needs to know the channel by.')
  }
  const tokens = await firstTokens(deps, { app, given })
  const sealed = sealCredentials(tokens ? withTokens(given, tokens) : given, deps.keys)
  const row = { appUid: app.uid, sealed, expiresAt: tokens?.expiresAt ?? null, createdAt: deps.now }
  return (await insertSandboxCredential(deps.db, { id: frontId('crd', deps.random), ...row })).id
}

/**
 * Asks the server once more, with new credentials where some were typed in.
 * @throws AppError as `connectByCredentials`; what the server refuses comes back as the result
 */
export async function reauthorizeChannel(
  deps: SandboxDeps,
  { channelId, given }: { channelId: string; given: Credentials },
): Promise<Authorized> {
  const channel = await findSandboxChannel(deps.db, channelId)
  if (!channel?.appUid) throw new AppError('not_found', 'The sandbox has no such application channel.')
  const app = await requireApp(deps, channel.appUid)
  const typed = Object.keys(given).length > 0
  if (!typed) return authorizeChannel(deps, channel)
  const credentialId = await replaceCredential(deps, { app, channel, given })
  return authorizeChannel(deps, { ...channel, credentialId })
}

type Replacing = { app: SandboxApp; channel: SandboxChannel; given: Credentials }

async function replaceCredential(deps: SandboxDeps, { app, channel, given }: Replacing): Promise<string> {
  const made = await keepCredential(deps, { app, given })
  if (channel.credentialId === null) {
    await updateSandboxChannel(deps.db, channel.id, { credentialId: made })
    return made
  }
  // All channels of a shared connection follow.
  const { sealed = '', expiresAt = null } = (await findSandboxCredential(deps.db, made)) ?? {}
  await updateSandboxCredential(deps.db, channel.credentialId, { sealed, expiresAt })
  return channel.credentialId
}

export async function requireApp({ db }: SandboxDeps, uid: string): Promise<SandboxApp> {
  const app = await findSandboxApp(db, uid)
  if (!app) throw new AppError('not_found', 'The sandbox has no such app.')
  return app
}
