import type { Database, Transaction } from '#db/client'
import { newId } from '#db/ids'
import { type App, lockApp } from '#db/queries/apps'
import { recordAuditEvent } from '#db/queries/audit-events'
import type { Channel } from '#db/queries/channels'
import { insertConnection } from '#db/queries/connections'
import {
  findAccount,
  findChannelGrant,
  findUnusedGrant,
  lastAddressOf,
  renameConnection,
} from '#db/queries/oauth-grants'
import { AppError } from '#lib/errors'
import { loadChannelForChange } from '#lib/flows/load-channel'
import { refuseTakenAddress } from '#lib/flows/refuse-taken-address'
import { type AuthorizationRequest, leadBack, readAuthorization } from '#lib/oauth/authorization'
import { OAuthRefusal } from '#lib/oauth/refusal'
import { issueCode } from '#lib/oauth/server'

/**
 * What a person allows Front to connect. `channel`: one that is prepared, or was connected before. `new`: Front's first call
 * makes it. With shared credentials it is all of the app's channels, under an account that was used before or a new one.
 */
export type GrantChoice =
  | { kind: 'channel'; channelId: string }
  | { kind: 'new'; name: string; address: string | null }
  | { kind: 'account'; connectionId: string }
  | { kind: 'new_account'; name: string }

type Grant = {
  appId: string
  request: AuthorizationRequest
  choice: GrantChoice
  ownOrigin: string | null
  /** The e-mail of the person who allows it. */
  actor: string
  now: Date
}

/**
 * Notes that a person allowed Front to connect a channel by OAuth, and gives out a code for it. A channel or account that was
 * connected this way before goes on with its connection.
 * @returns where the browser goes on to
 * @throws AppError `not_found`, `channel_disabled`, `conflict` for a channel of another app or an address in use,
 * `invalid_input` when nobody may be led back there
 */
export async function grantConnection(db: Database, grant: Grant): Promise<string> {
  try {
    const code = await refuseTakenAddress(() => db.transaction((tx) => grantIn(tx, grant)))
    return leadBack(grant.request, { code })
  } catch (error) {
    if (!(error instanceof OAuthRefusal)) throw error
    return leadBack(grant.request, { error: error.code, error_description: error.message })
  }
}

async function grantIn(tx: Transaction, grant: Grant): Promise<string> {
  const { request, choice, ownOrigin, actor, now } = grant
  const app = await lockApp(tx, grant.appId)
  if (!app || app.archivedAt) throw new AppError('not_found', 'This app is not in use any more.')
  const checked = readAuthorization({ app, ownOrigin, query: request })
  if (typeof checked === 'string') throw new AppError('invalid_input', checked)
  const channel = choice.kind === 'channel' ? await requireChannel(tx, app, choice.channelId) : null
  const connectionId = await takeConnection(tx, { ...grant, app, channel })
  const code = await issueCode({ tx, app, now }, { ...checked }, { connectionId, originId: null })
  const about = channel ? { channelId: channel.id } : {}
  const details = { app: app.name, choice: choice.kind }
  await recordAuditEvent(tx, { actor, action: 'connection.grant', ...about, subjectId: connectionId, details })
  return code
}

async function requireChannel(tx: Transaction, app: App, channelId: string): Promise<Channel> {
  const channel = await loadChannelForChange(tx, channelId)
  if (channel.appId !== app.id) throw new AppError('conflict', 'This channel belongs to another app.')
  return channel
}

type Granting = Grant & { app: App; channel: Channel | null }

/** The id of a connection that there is for this choice, or of a new one. */
async function takeConnection(tx: Transaction, granting: Granting): Promise<string> {
  const { app, choice, channel } = granting
  if (channel) {
    const known = await findChannelGrant(tx, channel.id)
    return (
      known?.id ?? addConnection(tx, granting, { name: channel.name, address: await lastAddressOf(tx, channel.id) })
    )
  }
  switch (choice.kind) {
    case 'account': {
      const account = await findAccount(tx, { appId: app.id, connectionId: choice.connectionId })
      if (!account) throw new AppError('not_found', 'This account has been revoked. Name a new one.')
      return account.id
    }
    case 'new': {
      const { name, address } = choice
      const unused = address === null ? null : await findUnusedGrant(tx, { appId: app.id, address })
      if (unused) await renameConnection(tx, { id: unused.id, name })
      return unused?.id ?? addConnection(tx, granting, { name, address })
    }
    default:
      return addConnection(tx, granting, {
        name: choice.kind === 'new_account' ? choice.name : app.name,
        address: null,
      })
  }
}

type Named = { name: string; address: string | null }

async function addConnection(tx: Transaction, { app, channel, actor, now }: Granting, named: Named): Promise<string> {
  const id = newId()
  const channelId = channel?.id ?? null
  await insertConnection(tx, {
    id,
    appId: app.id,
    channelId,
    kind: 'oauth',
    ...named,
    createdBy: actor,
    createdAt: now,
  })
  return id
}
