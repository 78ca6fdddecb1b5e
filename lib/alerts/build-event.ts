import type { AlertFacts } from '#db/queries/alert-facts'
import type { AlertKind } from '#db/schema/alerts'
import type { Direction } from '#db/schema/targets'
import { type AlertEvent, type AlertType, TYPES_OF_KIND } from '#lib/alerts/event'
import { isUnfinished } from '#lib/channels/channel-status'
import { errorWords } from '#lib/delivery/error-words'

type Told = {
  kind: AlertKind
  phase: 'began' | 'over'
  beganAt: Date
  heldBack: boolean
  facts: AlertFacts
  /** Of which side a failure is. */
  direction: Direction | null
  errorClass: string | null
  missing: number
  backlogMinutes: number
  publicUrl: string
  now: Date
}

/** What a destination is told when trouble begins or is over, as it is at that moment. */
export function buildAlertEvent(told: Told): AlertEvent {
  const { kind, phase, beganAt, heldBack, facts, direction, missing, now } = told
  const { channel } = facts
  const type = TYPES_OF_KIND[kind][phase]
  const isNew = phase === 'began'
  const target = facts.targets.find((side) => side.direction === direction)
  const showsWaiting = kind !== 'confirmations'
  return {
    type,
    timestamp: now.toISOString(),
    data: {
      title: `${channel.name}: ${title(type, told)}`,
      channel: describeChannel(facts, told.publicUrl),
      since: beganAt.toISOString(),
      held_back: heldBack,
      direction,
      failures_in_a_row: kind === 'failing' && isNew ? (target?.failuresInARow ?? null) : null,
      waiting: showsWaiting ? facts.waiting : null,
      oldest_waiting_at: showsWaiting ? (facts.oldestWaitingAt?.toISOString() ?? null) : null,
      missing: kind === 'confirmations' ? missing : null,
      reason: isNew ? reasonOf(kind, facts) : null,
      last_error: isNew && target?.lastError ? lastError(target.lastError, told) : null,
    },
  }
}

/** The alert that the test button sends: about a channel of the destination's, and plainly a test. */
export function buildTestEvent({ facts, publicUrl, now }: Pick<Told, 'facts' | 'publicUrl' | 'now'>): AlertEvent {
  return {
    type: 'alert.test',
    timestamp: now.toISOString(),
    data: {
      title: `${facts.channel.name}: this is a test, nothing is wrong`,
      channel: describeChannel(facts, publicUrl),
      since: now.toISOString(),
      held_back: false,
      direction: null,
      failures_in_a_row: null,
      waiting: facts.waiting,
      oldest_waiting_at: facts.oldestWaitingAt?.toISOString() ?? null,
      missing: null,
      reason: null,
      last_error: null,
    },
  }
}

function describeChannel({ channel }: AlertFacts, publicUrl: string): AlertEvent['data']['channel'] {
  const { id, name, kind, frontChannelId } = channel
  const front_id = isUnfinished(frontChannelId) ? null : frontChannelId
  return { id, name, kind, front_id, url: `${publicUrl}/channels/${id}` }
}

function title(type: AlertType, { direction, facts, missing, backlogMinutes }: Told): string {
  const side = direction === 'inbound' ? 'Front' : 'the provider'
  const messages = missing === 1 ? 'one message' : `${missing} messages`
  const titles: Record<AlertType, string> = {
    'channel.failing': `messages to ${side} fail`,
    'channel.recovered': 'messages arrive again',
    'channel.offline': facts.channel.disconnectedAt ? 'removed in Front' : 'offline',
    'channel.online': 'online again',
    'channel.backlog_old': `a message has waited for more than ${backlogMinutes === 1 ? 'a minute' : `${backlogMinutes} minutes`}`,
    'channel.backlog_clear': 'no message waits long any more',
    'channel.confirmations_missing': `Front accepted ${messages} and never showed ${missing === 1 ? 'it' : 'them'}`,
    'channel.confirmations_clear': 'no message of the last 24 hours is missing in Front',
    'alert.test': 'test',
  }
  return titles[type]
}

function reasonOf(kind: AlertKind, { channel, targets }: AlertFacts): string | null {
  if (kind === 'offline') return channel.disconnectedAt ? null : channel.offlineReason
  // Who looks after a backlog wants to know that somebody holds the channel.
  return kind === 'backlog' ? (targets.find(({ heldReason }) => heldReason)?.heldReason ?? null) : null
}

function lastError(message: string, { direction, errorClass }: Told): AlertEvent['data']['last_error'] {
  const words = errorWords(errorClass, direction ?? 'inbound')
  return { class: errorClass, title: errorClass ? words.title : 'The last attempt failed', message }
}
