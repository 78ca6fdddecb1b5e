import type { Transaction } from '#db/client'
import { findPrepared, listChannelsByFrontId, lockConnecting } from '#db/queries/app-channels'
import type { AppDoor, ShownConnection } from '#db/queries/app-doors'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type Channel, lockChannel, updateChannelRow } from '#db/queries/channels'
import { bindConnection } from '#db/queries/connections'
import { isUnfinished } from '#lib/channels/channel-status'
import { AppError } from '#lib/errors'
import { applyHolds } from '#lib/flows/apply-holds'
import { boundedPayload } from '#lib/flows/bounded-payload'
import { openChannel } from '#lib/flows/open-channel'
import { changeStatus } from '#lib/flows/set-channel-status'
import type { SealingKeys } from '#lib/secrets'

export type Authorization = {
  app: Pick<AppDoor, 'id' | 'companyId' | 'name' | 'authMethod' | 'credentials'>
  /** Null only for an app without authentication. */
  connection: ShownConnection | null
  frontChannelId: string
  /** All of what Front told: Front documents only the channel's id. */
  payload: Record<string, unknown>
  /** By Front's clock. What came before the last connect changes nothing, so a call that is sent again is harmless. */
  signedAt: Date
  keys: SealingKeys
  now: Date
}

const BY = 'front'

/**
 * Front connects a channel (F2): one that it connected before, one that was prepared for this connection, or a new one,
 * which an admin finishes. Connecting again brings a channel back that was offline or removed.
 * @throws AppError `forbidden` when the Front channel or the connection belongs to another channel
 */
export async function authorizeChannel(tx: Transaction, authorization: Authorization): Promise<Channel> {
  const { app, frontChannelId } = authorization
  await lockConnecting(tx, app.id)
  const known = await findOwn(tx, authorization)
  if (known) return reconnect(tx, known, authorization)
  const waiting = await findWaiting(tx, authorization)
  if (waiting) return connect(tx, waiting, authorization, { frontChannelId })
  return connect(tx, await openUnknown(tx, authorization), authorization, {})
}

async function findOwn(tx: Transaction, { app, frontChannelId }: Authorization): Promise<Channel | null> {
  const known = await listChannelsByFrontId(tx, frontChannelId)
  const own = known.find((channel) => channel.appId === app.id)
  if (own) return lockChannel(tx, own.id)
  const others = known.filter((channel) => channel.companyId === app.companyId || channel.disconnectedAt === null)
  if (others.length === 0) return null
  throw new AppError(
    'forbidden',
    'This Front channel belongs to another channel in Patchbay. Archive that one there first, then connect again.',
  )
}

async function reconnect(tx: Transaction, known: Channel, authorization: Authorization): Promise<Channel> {
  const { connection, signedAt, now } = authorization
  if (known.connectedAt && signedAt <= known.connectedAt) return known
  if (connection) await requireFree(tx, connection, known.id)
  const wasOffline = known.offlineSince !== null
  const channel = await connect(tx, known, authorization, {})
  if (!wasOffline) return channel
  await changeStatus(tx, channel, { channelId: channel.id, status: 'ok', reason: 'Connected again.', by: BY, now })
  return channel
}

/** A channel that stands ready: the connection's own, or one that Front names by its address; else any for an open app. */
async function findWaiting(tx: Transaction, authorization: Authorization): Promise<Channel | null> {
  const { app, connection, payload } = authorization
  if (app.authMethod === 'none' || app.credentials === 'shared') {
    const named = await findPrepared(tx, { appId: app.id, addresses: textsIn(payload) })
    if (named) return lockChannel(tx, named.id)
  }
  if (app.authMethod === 'none') {
    const oldest = await findPrepared(tx, { appId: app.id })
    return oldest && lockChannel(tx, oldest.id)
  }
  const own = connection?.channelId ? await lockChannel(tx, connection.channelId) : null
  if (!own || own.archivedAt) return null
  if (isUnfinished(own.frontChannelId) || own.disconnectedAt) return own
  throw alreadyUsed(own)
}

/** @throws AppError `forbidden` when the connection serves another channel that is in use */
async function requireFree(tx: Transaction, connection: ShownConnection, channelId: string): Promise<void> {
  if (connection.channelId === null || connection.channelId === channelId) return
  const other = await lockChannel(tx, connection.channelId)
  if (other && !other.archivedAt && !other.disconnectedAt && !isUnfinished(other.frontChannelId)) {
    throw alreadyUsed(other)
  }
}

function alreadyUsed({ name }: Channel): AppError {
  return new AppError(
    'forbidden',
    `This connect key already serves the channel “${name}”. Make another key in Patchbay and enter that one.`,
  )
}

/** Nobody prepared it, so it begins with the defaults and has no provider URL yet. */
async function openUnknown(tx: Transaction, authorization: Authorization): Promise<Channel> {
  const { app, connection, frontChannelId, keys, now } = authorization
  const basics = {
    kind: 'application' as const,
    appId: app.id,
    companyId: app.companyId,
    name: connection?.name ?? app.name,
    threading: { type: 'sender' as const },
  }
  const opened = await openChannel(tx, { basics, frontChannelId, frontInboxId: null, actor: BY, keys, now })
  return opened.channel
}

async function connect(
  tx: Transaction,
  { id: channelId, frontChannelId: before }: Channel,
  { app, connection, payload, signedAt, now }: Authorization,
  change: { frontChannelId?: string },
): Promise<Channel> {
  const connected = { ...change, connectedAt: signedAt, disconnectedAt: null }
  const channel = await updateChannelRow(tx, { id: channelId, now, change: connected })
  if (!channel) throw new Error('The channel was there a moment ago.')
  if (connection && app.credentials === 'private') await bindConnection(tx, { connectionId: connection.id, channelId })
  await applyHolds(tx, channel, now)
  const replaces = change.frontChannelId && !isUnfinished(before) ? { replaces: before } : {}
  const details = {
    frontChannelId: channel.frontChannelId,
    ...replaces,
    connection: connection?.name ?? null,
    payload: boundedPayload(payload),
  }
  await recordAuditEvent(tx, {
    actor: BY,
    action: 'channel.connect',
    channelId,
    ...(connection ? { subjectId: connection.id } : {}),
    details,
  })
  return channel
}

/** Every short text in what Front told: which of them is the address that was chosen is not documented. */
function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return value.length <= 200 ? [value] : []
  if (typeof value !== 'object' || value === null || depth > 3) return []
  return Object.values(value)
    .slice(0, 50)
    .flatMap((one) => textsIn(one, depth + 1))
    .slice(0, 100)
}
