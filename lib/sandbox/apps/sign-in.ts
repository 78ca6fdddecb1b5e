import {
  insertSandboxCredential,
  insertSandboxSignIn,
  type SandboxApp,
  type SandboxSignIn,
  takeSandboxSignIn,
  updateSandboxCredential,
} from '#db/queries/sandbox-apps'
import { findSandboxChannel, updateSandboxChannel } from '#db/queries/sandbox-channels'
import { AppError } from '#lib/errors'
import { authorizeChannel } from '#lib/sandbox/apps/authorize'
import { type Connected, openAppChannel, requireApp } from '#lib/sandbox/apps/connect'
import { sealCredentials } from '#lib/sandbox/apps/credentials'
import { requireUrl, withTokens } from '#lib/sandbox/apps/fresh-credential'
import { askForTokens, clientOf, type Introspection, introspect, type Tokens } from '#lib/sandbox/apps/tokens'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { newAddress } from '#lib/sandbox/front/new-address'
import { frontId, randomState } from '#lib/sandbox/identity'

const SIGN_IN_LIFE_MS = 600_000

/** Where sign-ins come back to, which is the `redirect_uri` of the sandbox. */
export function callbackUrl(publicUrl: string): string {
  return `${publicUrl}/sandbox/oauth/callback`
}

export type SignInWish = {
  appUid: string
  inboxId: string
  channelName: string | null
  /** The channel that is signed in again; null makes a new one. */
  channelId: string | null
}

/**
 * Begins to connect a channel by OAuth (F8). Returns where the person's browser goes.
 * @throws AppError `conflict` when the app's OAuth settings are not complete
 */
export async function startSignIn(deps: SandboxDeps, wish: SignInWish): Promise<string> {
  const app = await requireApp(deps, wish.appUid)
  const url = new URL(requireUrl(app.authorizeUrl, 'authorize URL'))
  requireUrl(app.tokenUrl, 'token URL')
  const { id: clientId } = clientOf(app, deps)
  const state = randomState(deps.random)
  const redirectUri = callbackUrl(deps.publicUrl)
  const oldest = new Date(deps.now.getTime() - SIGN_IN_LIFE_MS)
  await insertSandboxSignIn(deps.db, { ...wish, state, redirectUri, createdAt: deps.now }, oldest)
  const query = { response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

/**
 * The browser came back with a code: buys tokens, asks what they stand for where the app says how, and authorizes the
 * channel.
 * @throws AppError with the reason to show: an unknown `state`, a refusal of the person or of the server
 */
export async function finishSignIn(
  deps: SandboxDeps,
  { state, code, error }: { state: string; code: string | null; error: string | null },
): Promise<{ connected: Connected; inboxId: string }> {
  const signIn = await takeSandboxSignIn(deps.db, state)
  const isKnown = signIn && signIn.createdAt.getTime() + SIGN_IN_LIFE_MS >= deps.now.getTime()
  if (!isKnown) throw new AppError('bad_request', 'This sign-in was not begun here, or is over. Connect again.')
  if (code === null) throw new AppError('upstream_refused', `The sign-in was refused: ${error ?? 'no code came back'}.`)
  const app = await requireApp(deps, signIn.appUid)
  const grant = { grant_type: 'authorization_code', code, redirect_uri: signIn.redirectUri }
  const client = clientOf(app, deps)
  const tokens = await askForTokens(deps, { url: requireUrl(app.tokenUrl, 'token URL'), client, grant })
  const identity = app.introspectionUrl
    ? await introspect(deps, { url: app.introspectionUrl, client, token: tokens.accessToken })
    : null
  return { connected: await connect(deps, { app, signIn, tokens, identity }), inboxId: signIn.inboxId }
}

type SignedIn = { app: SandboxApp; signIn: SandboxSignIn; tokens: Tokens; identity: Introspection | null }

async function connect(deps: SandboxDeps, signedIn: SignedIn): Promise<Connected> {
  const { app, signIn, identity } = signedIn
  if (signIn.channelId !== null) return connectAgain(deps, { ...signedIn, channelId: signIn.channelId })
  const credentialId = await storeTokens(deps, signedIn)
  if (app.credentials === 'shared') return { kind: 'choose_address', credentialId }
  const name = identity?.front_channel_name ?? signIn.channelName ?? app.name
  const address = identity?.front_channel_address ?? newAddress(deps.random)
  const place = { app, credentialId, inboxId: signIn.inboxId, name, address }
  return { kind: 'channel', channel: await openAppChannel(deps, place) }
}

async function storeTokens(deps: SandboxDeps, { app, tokens, identity }: SignedIn): Promise<string> {
  const row = await insertSandboxCredential(deps.db, {
    id: frontId('crd', deps.random),
    appUid: app.uid,
    sealed: sealCredentials(withTokens({}, tokens), deps.keys),
    expiresAt: tokens.expiresAt,
    owner: identity?.resource_owner_name ?? identity?.resource_owner_id ?? null,
    createdAt: deps.now,
  })
  return row.id
}

async function connectAgain(
  deps: SandboxDeps,
  { channelId, ...signedIn }: SignedIn & { channelId: string },
): Promise<Connected> {
  const channel = await findSandboxChannel(deps.db, channelId)
  if (!channel) throw new AppError('not_found', 'The channel was deleted meanwhile.')
  const { tokens } = signedIn
  if (channel.credentialId === null) {
    const credentialId = await storeTokens(deps, signedIn)
    await updateSandboxChannel(deps.db, channel.id, { credentialId })
    channel.credentialId = credentialId
  } else {
    const sealed = sealCredentials(withTokens({}, tokens), deps.keys)
    await updateSandboxCredential(deps.db, channel.credentialId, { sealed, expiresAt: tokens.expiresAt })
  }
  const result = await authorizeChannel(deps, channel)
  if (!result.ok) throw new AppError('upstream_refused', result.reason)
  return { kind: 'channel', channel }
}
