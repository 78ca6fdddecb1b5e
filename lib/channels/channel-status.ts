import type { ChannelKind } from '#db/schema/channels'
import type { LaneDirection } from '#db/schema/targets'
import { formatWait } from '#lib/channels/retry-schedule'

export type ChannelState =
  | 'archived'
  | 'unfinished'
  | 'disconnected'
  | 'paused'
  | 'offline'
  | 'trouble'
  | 'receive_only'
  | 'receiving'

export type ChannelHealth = { state: ChannelState; label: string; why: string }

type Side = {
  direction: LaneDirection
  failuresInARow: number
  lastError: string | null
  holdUntil: Date | null
  holdUntilReason: string | null
  breakerSince: Date | null
  breakerReason: string | null
}

type Facts = {
  kind: ChannelKind
  frontChannelId: string
  archivedAt: Date | null
  pausedAt: Date | null
  pausedReason: string | null
  disconnectedAt: Date | null
  offlineSince: Date | null
  offlineBy: string | null
  offlineReason: string | null
  receiveOnly: boolean
  /** Conversations that wait for a person because a delivery failed for good. */
  blocked: number
  targets: Side[]
}

/** So many failures one after the other mean trouble, not bad luck. */
const TROUBLE_AFTER = 3

const SIDE = { inbound: 'Front', outbound: 'The provider', report: 'Front', alert: 'A destination of alerts' } as const

/** One state per channel, the most pressing first, with its reason in plain words. */
export function channelHealth(channel: Facts, now: Date): ChannelHealth {
  if (channel.archivedAt) return health('archived', 'Archived', 'Removed from use. Its log is kept.')
  const notThere = findNotThere(channel)
  if (notThere) return notThere
  if (channel.pausedAt) {
    return health('paused', 'Paused', channel.pausedReason ?? 'Messages are kept and sent in order after Resume.')
  }
  if (channel.offlineSince) {
    const reason = channel.offlineReason ?? 'The reason was not given.'
    return health('offline', 'Offline', `${asSentence(reason)} Replies are kept until it is back.`)
  }
  const trouble = findTrouble(channel, now)
  if (trouble) return health('trouble', 'In trouble', trouble)
  if (channel.receiveOnly) return health('receive_only', 'Receive-only', 'Takes messages in; no replies go out.')
  return health('receiving', 'Receiving', 'Messages are carried both ways.')
}

/** What is missing in Front itself, so that nothing can be carried. */
function findNotThere({ kind, frontChannelId, disconnectedAt }: Facts): ChannelHealth | null {
  if (isUnfinished(frontChannelId)) {
    return kind === 'application'
      ? health('unfinished', 'Waiting for Front', 'Front has not connected this channel yet.')
      : health(
          'unfinished',
          'Not finished',
          'Front did not confirm this new channel. An admin has to finish or give up on it.',
        )
  }
  if (!disconnectedAt) return null
  return health('disconnected', 'Disconnected', 'Front removed this channel. Messages are kept until it is connected.')
}

function findTrouble({ targets, blocked }: Facts, now: Date): string | null {
  const stopped = targets.find((side) => side.breakerSince)
  if (stopped) {
    const called = SIDE[stopped.direction].replace('The', 'the')
    return `Patchbay stopped calling ${called}. ${stopped.breakerReason ?? 'It failed again and again.'}`
  }
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

/** People seldom end what they type into a field with a full stop. */
function asSentence(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
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
