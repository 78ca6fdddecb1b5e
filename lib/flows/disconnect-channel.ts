import type { Transaction } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { lockChannel, updateChannelRow } from '#db/queries/channels'
import { isUnfinished } from '#lib/channels/channel-status'
import { applyHolds } from '#lib/flows/apply-holds'
import { boundedPayload } from '#lib/flows/bounded-payload'

type Removal = {
  channelId: string
  /** The channel that Front says it removed; null where it says nothing that its signature covers. */
  frontChannelId: string | null
  /** By Front's clock. */
  signedAt: Date
  payload: unknown
  now: Date
}

/** `outdated`: the call is older than the last connect, or about the Front channel that this one stood for before. */
export type Removed = 'disconnected' | 'already' | 'outdated'

/**
 * Front removed a channel (F7): nothing goes either way until it is connected again. History, what waits and the
 * connection stay.
 */
export async function disconnectChannel(tx: Transaction, removal: Removal): Promise<Removed> {
  const { channelId, frontChannelId, signedAt, payload, now } = removal
  const channel = await lockChannel(tx, channelId)
  if (!channel || channel.archivedAt || channel.disconnectedAt || isUnfinished(channel.frontChannelId)) return 'already'
  if (channel.connectedAt && signedAt < channel.connectedAt) return 'outdated'
  if (frontChannelId !== null && frontChannelId !== channel.frontChannelId) return 'outdated'
  const disconnected = await updateChannelRow(tx, { id: channelId, now, change: { disconnectedAt: now } })
  if (disconnected) await applyHolds(tx, disconnected, now)
  const details = { frontChannelId: channel.frontChannelId, payload: boundedPayload(payload) }
  await recordAuditEvent(tx, { actor: 'front', action: 'channel.disconnect', channelId, details })
  return 'disconnected'
}
