import type { LaneDirection } from '#db/schema/targets'
import { formatWait } from '#lib/channels/retry-schedule'

export type ChannelState = 'archived' | 'unfinished' | 'paused' | 'trouble' | 'receive_only' | 'receiving'

export type ChannelHealth = { state: ChannelState; label: string; why: string }

type Side = {
  direction: LaneDirection
  failuresInARow: number
  lastError: string | null
  holdUntil: Date | null
  holdUntilReason: string | null
}

type Facts = {
  frontChannelId: string
  archivedAt: Date | null
  pausedAt: Date | null
  pausedReason: string | null
  receiveOnly: boolean
  /** Conversations that wait for a person because a delivery failed for good. */
  blocked: number
  targets: Side[]
}

/** So many failures one after the other mean trouble, not bad luck. */
const TROUBLE_AFTER = 3

const SIDE = { inbound: 'Front', outbound: 'The provider', report: 'Front' } as const

/** One state per channel, the most pressing first, with its reason in plain words. */
export function channelHealth(channel: Facts, now: Date): ChannelHealth {
  if (channel.archivedAt) return health('archived', 'Archived', 'Removed from use. Its log is kept.')
  if (isUnfinished(channel.frontChannelId)) {
    return health(
      'unfinished',
      'Not finished',
      'Front did not confirm this new channel. An admin has to finish or give up on it.',
    )
  }
  if (channel.pausedAt) {
    return health('paused', 'Paused', channel.pausedReason ?? 'Messages are kept and sent in order after Resume.')
  }
  const trouble = findTrouble(channel, now)
  if (trouble) return health('trouble', 'In trouble', trouble)
  if (channel.receiveOnly) return health('receive_only', 'Receive-only', 'Takes messages in; no replies go out.')
  return health('receiving', 'Receiving', 'Messages are carried both ways.')
}

function findTrouble({ targets, blocked }: Facts, now: Date): string | null {
  const failing = targets.find((side) => side.failuresInARow >= TROUBLE_AFTER)
  if (failing) {
    const error = failing.lastError ?? 'The reason was not given.'
    return `${SIDE[failing.direction]} failed ${failing.failuresInARow} times in a row. ${error}`
  }
  if (blocked > 0) return `${blocked} conversation${blocked === 1 ? ' waits' : 's wait'} for a person's decision.`
  const slowed = targets.find((side) => side.holdUntil && side.holdUntil.getTime() - now.getTime() > 60_000)
  if (!slowed?.holdUntil) return null
  const waitS = Math.ceil((slowed.holdUntil.getTime() - now.getTime()) / 60_000) * 60
  return `${SIDE[slowed.direction]} asked us to wait ${formatWait(waitS)} more. ${slowed.holdUntilReason ?? ''}`.trim()
}

function health(state: ChannelState, label: string, why: string): ChannelHealth {
  return { state, label, why }
}

const UNFINISHED = 'unfinished:'

/** What stands in for Front's channel id until Front has told it. Unique, and never a real id. */
export function unfinishedFrontId(channelId: string): string {
  return UNFINISHED + channelId
}

export function isUnfinished(frontChannelId: string): boolean {
  return frontChannelId.startsWith(UNFINISHED)
}
