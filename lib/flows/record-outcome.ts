import type { Database, Transaction } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type LockedDelivery, lockDelivery } from '#db/queries/decide-delivery'
import type { Door } from '#db/queries/intake'
import { lockQueuePlace, type QueuePlace, skipLaneHead } from '#db/queries/lanes'
import { endDelivery, findSpokenOf, lockLanes, noteReported, type SpokenOf } from '#db/queries/outcomes'
import { enqueueReport } from '#db/queries/reports'
import { arrivalReport, failureReason, failureReport } from '#lib/delivery/tell-front'
import { AppError } from '#lib/errors'

export type Outcome = {
  channel: Pick<Door, 'id' | 'kind'>
  status: 'failed' | 'delivered'
  /** Our id or the provider's, as the provider named it. */
  messageId: string | null
  externalId: string | null
  reason: string | null
  now: Date
}

/** `changed` is false for what was known already. */
export type RecordedOutcome = { id: string; changed: boolean }

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Records what a provider tells of a message to a customer after it took it: that it bounced, or that it arrived after
 * all. Front is told of every change, once.
 * @throws AppError `not_found`, or `conflict` for a message that is not with the provider
 */
export async function recordOutcome(db: Database, outcome: Outcome): Promise<RecordedOutcome> {
  const { channel, messageId, externalId } = outcome
  const ownId = messageId !== null && UUID.test(messageId) ? messageId : null
  return db.transaction(async (tx) => {
    const message = await findSpokenOf(tx, { channelId: channel.id, ownId, externalId })
    if (!message) {
      throw new AppError('not_found', 'This channel has no message to a customer with that id.')
    }
    // The lane of reports among them: one is put in at the end.
    await lockLanes(tx, message.conversationId)
    const place = await lockQueuePlace(tx, message.id)
    const delivery = await lockDelivery(tx, message.id)
    if (!delivery) throw new AppError('not_found', 'This message is no longer kept.')
    const known = { tx, outcome, message, place, delivery }
    const changed = outcome.status === 'failed' ? await recordFailure(known) : await recordArrival(known)
    return { id: message.id, changed }
  })
}

type Known = {
  tx: Transaction
  outcome: Outcome
  message: SpokenOf
  place: QueuePlace | null
  delivery: LockedDelivery
}

async function recordFailure(known: Known): Promise<boolean> {
  const { tx, outcome, message, delivery } = known
  if (delivery.reportedAt) return false
  const reason = outcome.reason ?? 'The provider gave no reason.'
  // What was sent elsewhere is carried to Front: that it bounced says nothing of how it gets there.
  if (message.direction === 'outbound') {
    const wasFailed = delivery.status === 'failed'
    if (wasFailed && message.isTest) return false
    if (!wasFailed) await endAs(known, { status: 'failed', lastErrorClass: 'bounced', lastError: reason })
  }
  await record(known, 'delivery.bounce')
  if (message.isTest) return true
  const report = failureReport({ ...message, kind: outcome.channel.kind }, failureReason('bounced', reason))
  await tellFront(known, report)
  await noteReported(tx, message.id, outcome.now)
  return true
}

async function recordArrival(known: Known): Promise<boolean> {
  const { tx, message, delivery, place } = known
  if (message.direction === 'outbound') {
    if (delivery.status === 'delivered' || place?.inFlight) return false
    await endAs(known, { status: 'delivered', lastErrorClass: null, lastError: null })
  } else if (!delivery.reportedAt) return false
  await record(known, 'delivery.arrive')
  if (!delivery.reportedAt) return true
  await tellFront(known, arrivalReport(message.bodyText))
  await noteReported(tx, message.id, null)
  return true
}

type End = Omit<Parameters<typeof endDelivery>[2], 'now'>

/** @throws AppError `conflict` */
async function endAs({ tx, outcome, message, place, delivery }: Known, end: End): Promise<void> {
  if (place?.inFlight) {
    throw new AppError('conflict', 'Patchbay is waiting for the answer to this message. Report it again in a minute.')
  }
  if (delivery.status === 'discarded') throw new AppError('conflict', 'A person has discarded this message.')
  if (delivery.status === 'pending') throw new AppError('conflict', 'This message has not been sent yet.')
  await endDelivery(tx, message.id, { ...end, now: outcome.now })
  if (place?.isHead) await skipLaneHead(tx, place.laneId)
}

async function record({ tx, outcome, message }: Known, action: string): Promise<void> {
  const { channel, reason } = outcome
  const details = { reason }
  await recordAuditEvent(tx, { actor: 'provider', action, channelId: channel.id, subjectId: message.id, details })
}

async function tellFront({ tx, outcome, message }: Known, report: ReturnType<typeof failureReport>): Promise<void> {
  const { id: subjectId, conversationId } = message
  const place = { channelId: outcome.channel.id, conversationId, subjectId }
  await enqueueReport(tx, { ...report, ...place, createdBy: 'provider' })
}
