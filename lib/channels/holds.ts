import type { Channel } from '#db/queries/channels'
import type { ChannelSide } from '#db/schema/targets'
import { isUnfinished } from '#lib/channels/channel-status'

/** Why each side of a channel is held, in plain words; null where it may be called. */
export type Holds = Record<ChannelSide, string | null>

type Facts = Pick<
  Channel,
  | 'kind'
  | 'frontChannelId'
  | 'archivedAt'
  | 'pausedAt'
  | 'pausedBy'
  | 'pausedReason'
  | 'offlineSince'
  | 'offlineReason'
  | 'disconnectedAt'
>

/**
 * What stands in the way of a channel's deliveries, the most lasting reason first. Pausing leaves reports alone: Front
 * is told of a failure at once. Offline holds replies only: what the provider brings still reaches Front.
 */
export function channelHolds(channel: Facts): Holds {
  const lasting = lastingHold(channel)
  if (lasting) return { inbound: lasting, outbound: lasting, report: lasting }
  const paused = channel.pausedAt ? `Paused by ${channel.pausedBy}: ${channel.pausedReason}` : null
  const offline = channel.offlineSince ? `Offline: ${channel.offlineReason}` : null
  return { inbound: paused, outbound: paused ?? offline, report: null }
}

function lastingHold({ kind, archivedAt, frontChannelId, disconnectedAt }: Facts): string | null {
  if (archivedAt) return 'The channel is archived.'
  if (isUnfinished(frontChannelId)) return unfinishedHold(kind)
  if (disconnectedAt) return 'Front removed this channel. What waits goes out when it is connected again.'
  return null
}

/** Why nothing goes out of a channel whose id in Front is not known. */
export function unfinishedHold(kind: Channel['kind']): string {
  return kind === 'application'
    ? 'Front has not connected this channel yet.'
    : 'The channel is not finished: Front has not confirmed it.'
}
