import type { DeliveryStatus } from '#db/schema/deliveries'
import type { FrontState } from '#db/schema/messages'
import type { Direction } from '#db/schema/targets'

/** What pages call the state of a message. `unconfirmed`: Front took it in, yet it never appeared there. */
export const SHOWN_STATUSES = ['delivered', 'queued', 'retrying', 'failed', 'held', 'discarded', 'unconfirmed'] as const
export type ShownStatus = (typeof SHOWN_STATUSES)[number]

export const STATUS_LABELS: Record<ShownStatus, string> = {
  delivered: 'Delivered',
  queued: 'Queued',
  retrying: 'Retrying',
  failed: 'Failed',
  held: 'Held',
  discarded: 'Discarded',
  unconfirmed: 'Not confirmed',
}

type State = { status: DeliveryStatus; frontState: FrontState; held: boolean }

/** One word for a message: held is what waits while its channel is. */
export function shownStatus({ status, frontState, held }: State): ShownStatus {
  if (status === 'delivered') return frontState === 'missing' ? 'unconfirmed' : 'delivered'
  if (status === 'pending' || status === 'retrying') {
    if (held) return 'held'
    return status === 'pending' ? 'queued' : 'retrying'
  }
  return status
}

/**
 * Whether Front was told that a message had not reached the customer, and it arrived after all. `reports`: how many Front
 * was told of it; no other report is about a message.
 */
export function arrivedAfterAll({
  direction,
  status,
  reportedAt,
  reports,
}: {
  direction: Direction
  status: DeliveryStatus
  reportedAt: Date | null
  reports: number
}): boolean {
  if (reports === 0 || reportedAt !== null) return false
  return direction === 'inbound' || status === 'delivered'
}

/** The status as one or two sentences for somebody who does not know the machinery. */
export function explainStatus({
  status,
  frontState,
  held,
  direction,
  answerLost,
  lastErrorClass = null,
}: State & { direction: Direction; answerLost: boolean; lastErrorClass?: string | null }): string {
  const shown = shownStatus({ status, frontState, held })
  if (shown === 'delivered' && direction === 'outbound') return 'The provider took the reply.'
  if (shown === 'delivered') return explainFrontState(frontState)
  if (shown === 'failed' && lastErrorClass === 'bounced') {
    return 'The provider took the reply, and reported later that it did not reach the customer.'
  }
  const other = direction === 'inbound' ? 'Front' : 'the provider'
  const explained: Record<Exclude<ShownStatus, 'delivered'>, string> = {
    queued: 'It is stored and waits for its turn. Messages of a conversation go one after the other.',
    retrying: `The last attempt did not work. Patchbay tries again by itself until ${other} takes it.`,
    failed: answerLost
      ? `Patchbay has stopped trying. The answer to an attempt was lost, so it may have reached ${other} all the same.`
      : `Patchbay has stopped trying. It has not reached ${other}.`,
    held: 'The channel is held. The message is kept and goes out, in order, when that is over.',
    discarded: 'A person decided that it is not to be sent. It stays in the log.',
    unconfirmed:
      'Front accepted the message but it has not appeared there. It may be lost: look in Front, then send again or discard.',
  }
  return explained[shown]
}

function explainFrontState(state: FrontState): string {
  return state === 'confirmed'
    ? 'Confirmed: Patchbay has seen the message in Front.'
    : 'Accepted by Front: Front took it in. Patchbay is checking that it really appears there.'
}
