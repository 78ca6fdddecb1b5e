import type { Database, Transaction } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import {
  findLastSent,
  forgetFrontState,
  type LockedDelivery,
  lockDelivery,
  markRequested,
  reopenDeliveries,
} from '#db/queries/decide-delivery'
import { lockQueuePlace, makeLaneDue, type QueuePlace, requeueDelivery } from '#db/queries/lanes'
import { isOutdatedFailure } from '#db/queries/reports'
import type { RetryAs } from '#db/schema/deliveries'
import type { RetryWay } from '#db/schema/recoveries'
import type { LaneDirection } from '#db/schema/targets'
import { AppError } from '#lib/errors'

const HELD: Record<LaneDirection, string> = {
  inbound: 'The channel is paused or offline. The message goes out, in order, when that is over.',
  outbound: 'The channel is paused or offline. The message goes out, in order, when that is over.',
  report: 'Front does not have this channel now. It is told when the channel is connected.',
  alert: 'Nothing holds alerts.',
}

const FIRST: Record<LaneDirection, string> = {
  inbound: 'Earlier messages of this conversation come first. It is sent right after them.',
  outbound: 'Earlier messages of this conversation come first. It is sent right after them.',
  report: 'Front is told other things first, in order. This follows right after them.',
  alert: 'Earlier alerts about this channel come first. It is sent right after them.',
}

type Retry = {
  deliveryId: string
  requestedBy: string
  now: Date
  /** Why, for whoever asks later. */
  reason?: string | null
  /** Replies: with the channel's settings as they are, unless told otherwise. */
  way?: RetryWay
}

/** `queued`: at the end of its conversation's queue. `sent_now`: it is next, and due. */
export type RetryResult = 'queued' | 'sent_now'

/**
 * Tries a delivery again because a person asked. One click, one send: while an attempt is under way or already asked for,
 * everybody else is refused with the reason. What failed and was passed by later messages goes to the end of its lane.
 * @throws AppError `not_found`, or `conflict` with a sentence that says why not
 */
export async function retryDelivery(db: Database, retry: Retry): Promise<RetryResult> {
  const { deliveryId, requestedBy, now, reason = null, way = 'today' } = retry
  return db.transaction(async (tx) => {
    const place = await lockQueuePlace(tx, deliveryId)
    const delivery = await lockDelivery(tx, deliveryId)
    if (!delivery) throw new AppError('not_found', 'It is not kept any more.')
    if (place?.inFlight) throw new AppError('conflict', 'It is being sent right now. Wait for how this attempt ends.')
    if (delivery.direction === 'report') await refuseOutdated(tx, delivery.id)
    const asked = { requestedBy, retryAs: way === 'as_was' ? await findAsWas(tx, delivery) : null }
    const result = place
      ? await retryWaiting(tx, { delivery, place, asked, now })
      : await retryEnded(tx, delivery, asked)
    await recordAuditEvent(tx, {
      actor: requestedBy,
      action: 'delivery.retry',
      channelId: delivery.channelId,
      subjectId: delivery.id,
      details: {
        was: delivery.status,
        attempts: delivery.attempts,
        result,
        ...(reason ? { reason } : {}),
        ...(asked.retryAs ? { way } : {}),
      },
    })
    return result
  })
}

async function findAsWas(tx: Transaction, { id, direction }: LockedDelivery): Promise<RetryAs> {
  // What Front gets depends on no setting: how a message threads was decided when it was taken in.
  const sent = direction === 'outbound' ? (await findLastSent(tx, [id])).get(id) : null
  if (!sent) throw new AppError('conflict', 'It was never sent to the provider, so there is no earlier way to send it.')
  return sent
}

async function refuseOutdated(tx: Transaction, reportId: string): Promise<void> {
  if (!(await isOutdatedFailure(tx, reportId))) return
  throw new AppError('conflict', 'The reply has arrived meanwhile, so Front is not told any more that it failed.')
}

type Asked = { requestedBy: string; retryAs: RetryAs | null }
type Waiting = { delivery: LockedDelivery; place: QueuePlace; asked: Asked; now: Date }

async function retryWaiting(tx: Transaction, { delivery, place, asked, now }: Waiting): Promise<RetryResult> {
  if (delivery.status === 'discarded') {
    await reopenDeliveries(tx, [delivery.id], asked)
    return place.isHead ? 'sent_now' : 'queued'
  }
  if (delivery.status === 'delivered') throw new AppError('conflict', 'It has been delivered already.')
  if (delivery.heldSince) {
    throw new AppError('conflict', HELD[delivery.direction])
  }
  if (!place.isHead) {
    throw new AppError('conflict', FIRST[delivery.direction])
  }
  if (delivery.requestedBy) {
    throw new AppError('conflict', `${delivery.requestedBy} has already asked for a retry. It is about to be sent.`)
  }
  if (place.dueAt && place.dueAt <= now) throw new AppError('conflict', 'It is about to be sent anyway.')
  if (delivery.status === 'failed') await reopenDeliveries(tx, [delivery.id], asked)
  else await markRequested(tx, delivery.id, asked)
  await makeLaneDue(tx, place.laneId)
  return 'sent_now'
}

async function retryEnded(tx: Transaction, delivery: LockedDelivery, asked: Asked): Promise<RetryResult> {
  if (delivery.status === 'delivered' && delivery.frontState !== 'missing') {
    throw new AppError('conflict', 'It has been delivered already.')
  }
  await reopenDeliveries(tx, [delivery.id], asked)
  if (delivery.frontState === 'missing') await forgetFrontState(tx, delivery.id)
  // The row lock on the delivery came first, so a second click finds it waiting and never gets here.
  if (!(await requeueDelivery(tx, delivery))) {
    throw new AppError('conflict', 'Somebody has just asked for a retry. It waits for its turn.')
  }
  return 'queued'
}
