import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { attempts, UNSENT_CLASSES } from '#db/schema/attempts'
import { type DeliveryStatus, deliveries, type RetryAs } from '#db/schema/deliveries'
import { type FrontState, messages } from '#db/schema/messages'
import { type LaneDirection, targets } from '#db/schema/targets'

export type LockedDelivery = {
  id: string
  channelId: string
  conversationId: string
  direction: LaneDirection
  status: DeliveryStatus
  attempts: number
  nextAttemptAt: Date | null
  requestedBy: string | null
  /** Not before this one has left its queue. */
  afterId: string | null
  /** Front was told that it failed. */
  reportedAt: Date | null
  frontState: FrontState | null
  heldSince: Date | null
}

/**
 * A delivery on which a person decides, locked until the caller's transaction ends. Take the lock on its queue place
 * first (`lockQueuePlace`): settlements lock in that order.
 */
export async function lockDelivery(db: Db, id: string): Promise<LockedDelivery | null> {
  const [row] = await db
    .select({
      id: deliveries.id,
      channelId: deliveries.channelId,
      conversationId: deliveries.conversationId,
      direction: deliveries.direction,
      status: deliveries.status,
      attempts: deliveries.attempts,
      nextAttemptAt: deliveries.nextAttemptAt,
      requestedBy: deliveries.requestedBy,
      afterId: deliveries.afterId,
      reportedAt: deliveries.reportedAt,
      frontState: messages.frontState,
      heldSince: targets.heldSince,
    })
    .from(deliveries)
    .leftJoin(messages, eq(messages.id, deliveries.id))
    .leftJoin(targets, and(eq(targets.channelId, deliveries.channelId), eq(targets.direction, deliveries.direction)))
    .where(eq(deliveries.id, id))
    .for('update', { of: deliveries })
  return row ?? null
}

type Asked = { requestedBy: string; retryAs: RetryAs | null }

/** A person asked for another try: the deliveries wait again. */
export async function reopenDeliveries(db: Db, ids: string[], { requestedBy, retryAs }: Asked): Promise<void> {
  await db
    .update(deliveries)
    .set({
      status: 'pending',
      requestedBy,
      retryAs,
      nextAttemptAt: null,
      endedAt: null,
      discardedBy: null,
      discardReason: null,
    })
    .where(inArray(deliveries.id, ids))
}

/** A person asked to send now what waits for its next attempt. */
export async function markRequested(db: Db, id: string, { requestedBy, retryAs }: Asked): Promise<void> {
  await db.update(deliveries).set({ requestedBy, retryAs, nextAttemptAt: null }).where(eq(deliveries.id, id))
}

/** A person decided that they are not to be sent. */
export async function markDiscarded(
  db: Db,
  { ids, by, reason, now }: { ids: string[]; by: string; reason: string; now: Date },
): Promise<void> {
  await db
    .update(deliveries)
    .set({
      status: 'discarded',
      discardedBy: by,
      discardReason: reason,
      endedAt: now,
      nextAttemptAt: null,
      requestedBy: null,
    })
    .where(inArray(deliveries.id, ids))
}

/** A message that Front had accepted is being sent again: what Front says of it starts anew. */
export async function forgetFrontState(db: Db, messageId: string): Promise<void> {
  await db.update(messages).set({ frontState: 'none', acceptedAt: null }).where(eq(messages.id, messageId))
}

/**
 * How the last attempt of each delivery that was really sent went out; one that never was is left out. An attempt is never
 * older than its delivery.
 */
export async function findLastSent(db: Db, ids: string[]): Promise<Map<string, RetryAs>> {
  const rows = await db.execute<{ id: string } & RetryAs>(sql`
    select x.id, a.url, a.format from unnest(${`{${ids.join(',')}}`}::uuid[]) x(id)
    cross join lateral (
      select url, format from ${attempts} where delivery_id = x.id and id >= x.id and url is not null
        and coalesce(error_class, '') <> all (${`{${UNSENT_CLASSES.join(',')}}`}::text[])
      order by id desc limit 1) a`)
  return new Map(rows.map(({ id, url, format }) => [id, { url, format }]))
}
