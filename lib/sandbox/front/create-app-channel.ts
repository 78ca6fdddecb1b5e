import { findSandboxApp, insertSandboxCredential, type SandboxApp } from '#db/queries/sandbox-apps'
import { insertSandboxChannel } from '#db/queries/sandbox-channels'
import { authorizeChannel } from '#lib/sandbox/apps/authorize'
import { type Credentials, credentials, NEEDED, sealCredentials } from '#lib/sandbox/apps/credentials'
import type { FrontCall } from '#lib/sandbox/front/call'
import { badFields } from '#lib/sandbox/front/errors'
import { newAddress } from '#lib/sandbox/front/new-address'
import { frontId } from '#lib/sandbox/identity'

type NewAppChannel = {
  inboxId: string
  name?: string | undefined
  application_uid?: string | undefined
  credentials?: Record<string, unknown> | undefined
  settings?: { webhook_url?: string | undefined } | undefined
}

/**
 * B4 with `application_uid`: makes the channel, answers, and then asks the app's server (F2). One whose people sign in
 * by OAuth starts unauthenticated.
 */
export async function createAppChannel(call: FrontCall, input: NewAppChannel): Promise<Response> {
  const { db, random, later } = call.deps
  const uid = input.application_uid ?? ''
  const app = await findSandboxApp(db, uid)
  if (!app) throw badFields([`body.application_uid: unknown application ${uid}`])
  const given = readCredentials(call, app, input.credentials ?? {})
  if (input.settings?.webhook_url)
    call.warn('settings.webhook_url is for custom channels: the app’s server answers one')
  const isReady = app.authMethod !== 'oauth'
  const channel = await insertSandboxChannel(db, {
    id: frontId('cha', random),
    inboxId: input.inboxId,
    name: input.name ?? app.name,
    type: 'custom',
    address: newAddress(random),
    appUid: uid,
    credentialId: isReady ? await storeCredential(call, app, given) : null,
    contactType: app.contactType,
    statusReason: isReady ? null : 'Nobody has signed in for this channel yet.',
    settings: {},
  })
  if (isReady) {
    later(0, async (deps) => {
      await authorizeChannel(deps, channel)
    })
  }
  return new Response(null, { status: 204 })
}

function readCredentials({ warn }: FrontCall, app: SandboxApp, typed: Record<string, unknown>): Credentials {
  const needed = NEEDED[app.authMethod]
  const given = credentials.safeParse(typed)
  if (!given.success || needed.some((name) => !given.data[name])) {
    throw badFields([`body.credentials: must be an object with ${needed.join(' and ')}`])
  }
  const others = Object.keys(typed).filter((name) => !needed.some((known) => known === name))
  for (const name of others) warn(`credentials.${name} is not what this app needs: Front ignores it`)
  return given.data
}

async function storeCredential({ deps }: FrontCall, app: SandboxApp, given: Credentials): Promise<string> {
  const { db, keys, random, now } = deps
  // Tokens that have to be bought are bought before the first call.
  const isBought = app.authMethod === 'client_credentials' || app.authMethod === 'password'
  const row = { id: frontId('crd', random), appUid: app.uid, sealed: sealCredentials(given, keys), createdAt: now }
  return (await insertSandboxCredential(db, { ...row, expiresAt: isBought ? now : null })).id
}
