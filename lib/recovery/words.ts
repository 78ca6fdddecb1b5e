import type { RecoveryItemState, RecoveryStatus, RetryWay } from '#db/schema/recoveries'
import { errorWords } from '#lib/delivery/error-words'
import { formatDay } from '#lib/format'
import { type MessageFilters, RANGES } from '#lib/log-filters'

export const RECOVERY_LABELS: Record<RecoveryStatus, string> = {
  queueing: 'Looking up',
  running: 'Running',
  paused: 'Paused',
  cancelled: 'Cancelled',
  done: 'Finished',
}

export const ITEM_LABELS: Record<RecoveryItemState, string> = {
  behind: 'Waiting',
  waiting: 'Waiting',
  sending: 'Being sent',
  retrying: 'Retrying',
  delivered: 'Delivered',
  failed: 'Failed again',
  skipped: 'Left alone',
  cancelled: 'Not sent',
}

export const WAY_WORDS: Record<RetryWay, string> = {
  today: 'With today’s settings',
  as_was: 'As they were',
}

const STATUS_WORDS = {
  failed: 'Failed',
  attention: 'Failed or never shown in Front',
  unconfirmed: 'Never shown in Front',
} as const

/** A filter of the log in a few words, its parts one by one. */
export function filterWords(filters: MessageFilters, channelName: string | null): string[] {
  const { status, direction, cause, q, range, from, to } = filters
  const what = status && status in STATUS_WORDS ? STATUS_WORDS[status as keyof typeof STATUS_WORDS] : 'Failed'
  return [
    what,
    ...(cause ? [`“${errorWords(cause, direction ?? 'inbound').title}”`] : []),
    ...(direction ? [direction === 'inbound' ? 'to Front' : 'to the provider'] : []),
    ...(channelName ? [`in ${channelName}`] : []),
    ...(q ? [`with “${q}”`] : []),
    range === 'custom' ? spanWords(from, to) : `from the ${RANGES[range].label.toLowerCase()}`,
  ]
}

function spanWords(from: Date | undefined, to: Date | undefined): string {
  const first = from && from.getTime() > 0 ? formatDay(from, 'UTC') : null
  const last = to ? formatDay(to, 'UTC') : null
  if (first === last) return first ? `of ${first}` : 'from any time'
  return [...(first ? [`from ${first}`] : []), ...(last ? [`up to ${last}`] : [])].join(' ')
}
