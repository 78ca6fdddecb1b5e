import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { lockDelivery, markDiscarded } from '#db/queries/decide-delivery'
import { isQueued, lockQueuePlace, skipLaneHead } from '#db/queries/lanes'
import { AppError } from '#lib/errors'

type Discard = { deliveryId: string; by: string; reason: string; now: Date }

/**
 * Gives a message up because a person decided so; it stays in the log. When it held its conversation's queue, the queue
 * moves on; when it waits behind others, also of another lane, it keeps its place and is passed over in its turn.
 * @throws AppError `not_found`, or `conflict` with a sentence that says why not
 */
export async function discardDelivery(db: Database, { deliveryId, by, reason, now }: Discard): Promise<void> {
  await db.transaction(async (tx) => {
    const place = await lockQueuePlace(tx, deliveryId)
    const delivery = await lockDelivery(tx, deliveryId)
    if (!delivery) throw new AppError('not_found', 'It is not kept any more.')
    if (place?.inFlight) throw new AppError('conflict', 'It is being sent right now. Wait for how this attempt ends.')
    if (delivery.status === 'discarded') throw new AppError('conflict', 'It has been discarded already.')
    if (delivery.status === 'delivered' && delivery.frontState !== 'missing') {
      throw new AppError('conflict', 'It has been delivered already.')
    }
    await markDiscarded(tx, { ids: [delivery.id], by, reason, now })
    const waitsElsewhere = delivery.afterId !== null && (await isQueued(tx, delivery.afterId))
    if (place?.isHead && !waitsElsewhere) await skipLaneHead(tx, place.laneId)
    await recordAuditEvent(tx, {
      actor: by,
      action: 'delivery.discard',
      channelId: delivery.channelId,
      subjectId: delivery.id,
      details: { was: delivery.status, reason },
    })
  })
}
