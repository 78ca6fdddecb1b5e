import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { runPrepared } from '#db/prepared'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import type { LaneDirection } from '#db/schema/targets'

export type QueuedDelivery = { id: string; channelId: string; conversationId: string; direction: LaneDirection }

/**
 * Puts a delivery that does not wait at the end of its lane, in the caller's transaction, for its turn there and nothing
 * else. False when it is waiting already: of two simultaneous calls the second one waits for the first and gets false.
 * A transaction that appends to several lanes must do so in the order of their conversation ids.
 */
export async function requeueDelivery(db: Transaction, delivery: QueuedDelivery): Promise<boolean> {
  await db.select({ id: deliveries.id }).from(deliveries).where(eq(deliveries.id, delivery.id)).for('update')
  const [waiting] = await db
    .select({ seq: laneQueue.seq })
    .from(laneQueue)
    .where(eq(laneQueue.deliveryId, delivery.id))
    .limit(1)
  if (waiting) return false
  const { id, channelId, conversationId, direction } = delivery
  await db.update(deliveries).set({ afterId: null }).where(eq(deliveries.id, id))
  await db.execute(sql`select enqueue_delivery(${id}, ${channelId}, ${conversationId}, ${direction})`)
  return true
}

/** A lane's head, leased to one worker. Every field that fences it goes back with the settlement. */
export type Claim = {
  laneId: number
  deliveryId: string
  seq: number
  attempt: number
  /** An earlier worker died with it: its attempt was written down as lost. */
  recovered: boolean
  channelId: string
  direction: LaneDirection
  conversationId: string
  token: string
}

/** Claims up to `batch` deliveries that are due, for `leaseMs`. */
export async function claimDeliveries(
  db: Db,
  { token, batch, leaseMs }: { token: string; batch: number; leaseMs: number },
): Promise<Claim[]> {
  const rows = await runPrepared<{
    lane_id: string
    delivery_id: string
    seq: string
    attempt: number
    recovered: boolean
    channel_id: string
    direction: LaneDirection
    conversation_id: string
  }>(db, "select * from claim_deliveries($1, $2::int, $3::float8 * interval '1 ms')", [token, batch, leaseMs])
  const claims = rows.map((row) => ({
    laneId: Number(row.lane_id),
    deliveryId: row.delivery_id,
    seq: Number(row.seq),
    attempt: row.attempt,
    recovered: row.recovered,
    channelId: row.channel_id,
    direction: row.direction,
    conversationId: row.conversation_id,
    token,
  }))
  return Promise.all(claims.map((claim) => (claim.deliveryId ? claim : findHead(db, claim))))
}

// A head that was appended while the claim ran: its lane is read as it is now, its place as it was when the claim began.
async function findHead(db: Db, claim: Claim): Promise<Claim> {
  const [head] = await db
    .select({ deliveryId: laneQueue.deliveryId })
    .from(laneQueue)
    .where(and(eq(laneQueue.laneId, claim.laneId), eq(laneQueue.seq, claim.seq)))
    .limit(1)
  return { ...claim, ...head }
}

/**
 * Moves the end of a worker's leases on, of the lanes that it names. Rows that are being settled just now are left alone.
 */
export async function extendLeases(
  db: Db,
  { token, laneIds, leaseMs }: { token: string; laneIds: number[]; leaseMs: number },
): Promise<void> {
  if (laneIds.length === 0) return
  const mine = and(inArray(lanes.id, laneIds), eq(lanes.lease, token))
  await db
    .update(lanes)
    .set({ dueAt: sql`now() + ${leaseMs} * interval '1 ms'` })
    .where(inArray(lanes.id, db.select({ id: lanes.id }).from(lanes).where(mine).for('update', { skipLocked: true })))
}

export type QueuePlace = {
  laneId: number
  isHead: boolean
  inFlight: boolean
  /** Null when the lane is blocked by a delivery that failed. */
  dueAt: Date | null
}

/**
 * Where a delivery waits; null when it does not. Locks the lane, so that nobody claims or settles it until the caller's
 * transaction ends.
 */
export async function lockQueuePlace(db: Db, deliveryId: string): Promise<QueuePlace | null> {
  const [row] = await db
    .select({
      laneId: lanes.id,
      isHead: sql<boolean>`${lanes.headSeq} = ${laneQueue.seq}`,
      inFlight: sql<boolean>`${lanes.lease} is not null and ${lanes.dueAt} > now()`,
      dueAt: lanes.dueAt,
    })
    .from(laneQueue)
    .innerJoin(lanes, eq(lanes.id, laneQueue.laneId))
    .where(eq(laneQueue.deliveryId, deliveryId))
    .for('update', { of: lanes })
  return row ?? null
}

/** Whether a delivery waits in a lane: it has not ended, or was discarded and is not stepped over yet. */
export async function isQueued(db: Db, deliveryId: string): Promise<boolean> {
  const place = eq(laneQueue.deliveryId, deliveryId)
  const rows = await db.select({ seq: laneQueue.seq }).from(laneQueue).where(place).limit(1)
  return rows.length > 0
}

/** Makes a lane's head due at once with a fresh count of attempts, and wakes the workers. */
export async function makeLaneDue(db: Db, laneId: number): Promise<void> {
  await db.execute(sql`update lanes set attempt = 0, due_at = now() where id = ${laneId}`)
  await db.execute(sql`select pg_notify('patchbay_delivery', '')`)
}

/** Moves a lane past its head, which is not in flight. */
export async function skipLaneHead(db: Db, laneId: number): Promise<void> {
  await db.execute(sql`
    with gone as (
      delete from lane_queue q using lanes l where l.id = ${laneId} and q.lane_id = l.id and q.seq = l.head_seq)
    update lanes set head_seq = head_seq + 1, attempt = 0, lease = null,
      due_at = case when last_seq > head_seq then now() end
    where id = ${laneId}`)
  await db.execute(sql`select pg_notify('patchbay_delivery', '')`)
}
