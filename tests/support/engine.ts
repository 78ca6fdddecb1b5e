import { sql } from 'drizzle-orm'
import type { Database, Transaction } from '#db/client'
import { newId } from '#db/ids'
import { type Claim, claimDeliveries, type QueuedDelivery, requeueDelivery } from '#db/queries/lanes'
import type { Settlement } from '#db/queries/settle'
import { deliveries } from '#db/schema/deliveries'
import type { LaneDirection } from '#db/schema/targets'

type Place = { channelId: string; conversationId: string; direction?: LaneDirection }

/** Appends one delivery, as intake does. Returns its id. */
export async function enqueue(
  db: Database,
  { channelId, conversationId, direction = 'inbound' }: Place,
): Promise<string> {
  const id = newId()
  await db.transaction((tx) => enqueueIn(tx, { id, channelId, conversationId, direction }))
  return id
}

/** The same within a transaction of the test's own. */
export async function enqueueIn(tx: Transaction, delivery: QueuedDelivery): Promise<void> {
  await tx.insert(deliveries).values(delivery)
  await requeueDelivery(tx, delivery)
}

export async function claim(db: Database, batch = 50, token = newId()): Promise<Claim[]> {
  return claimDeliveries(db, { token, batch, leaseMs: 20_000 })
}

/** The settlement of a claim; `retrying` waits an hour unless told otherwise. */
export function settlement(claim: Claim, status: Settlement['status'], more: Partial<Settlement> = {}): Settlement {
  return {
    lane_id: claim.laneId,
    token: claim.token,
    seq: claim.seq,
    attempt: claim.attempt,
    delivery_id: claim.deliveryId,
    channel_id: claim.channelId,
    direction: claim.direction,
    status,
    advance: status === 'delivered' || status === 'skipped',
    retry_ms: status === 'retrying' ? 3_600_000 : null,
    answer_lost: false,
    target_fault: false,
    is_test: false,
    hold: null,
    hold_ms: null,
    hold_reason: null,
    try: status === 'skipped' || status === 'deferred' ? null : attemptRow(),
    message_uid: null,
    front_message_id: null,
    front_conversation_id: null,
    external_id: null,
    provider_key: null,
    report: null,
    result: null,
    calls_limit: null,
    calls_left: null,
    ...more,
  }
}

function attemptRow(): NonNullable<Settlement['try']> {
  return {
    id: newId(),
    requested_by: null,
    started_at: new Date().toISOString(),
    duration_ms: 3,
    method: 'POST',
    url: 'https://provider.example/hook',
    format: null,
    as_was: false,
    ip: '192.0.2.1',
    request_headers: {},
    request_body: '{}',
    response_status: 200,
    response_headers: {},
    response_body: 'ok',
    response_bytes: 2,
    error_class: null,
    error: null,
  }
}

/** Lets time pass for the lanes: everything that waits or is leased comes nearer by `ms`. */
export async function passTime(db: Database, ms: number): Promise<void> {
  await db.execute(sql`update lanes set due_at = due_at - ${ms} * interval '1 ms' where due_at is not null`)
}
