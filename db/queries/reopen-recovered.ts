import { sql } from 'drizzle-orm'
import type { Transaction } from '#db/client'
import { newId } from '#db/ids'
import { findLastSent, reopenDeliveries } from '#db/queries/decide-delivery'
import { bringUp } from '#db/queries/note-recovery'
import type { Recovery } from '#db/queries/recoveries'
import { auditEvents } from '#db/schema/audit-events'
import { OPEN_ITEM } from '#db/schema/recoveries'
import type { Direction } from '#db/schema/targets'

/** A delivery that goes back into its lane. `headOf`: the lane that it holds as its head. */
export type Fed = {
  deliveryId: string
  channelId: string
  conversationId: string
  direction: Direction
  was: string
  attempts: number
  /** Front had accepted it and never showed it. */
  wasMissing: boolean
  headOf: number | null
}

/**
 * Puts deliveries back into their lanes, as a single retry does, and wakes the workers at commit. The caller has their
 * lanes and then their rows locked.
 */
export async function reopenRecovered(tx: Transaction, recovery: Recovery, fed: Fed[]): Promise<void> {
  if (fed.length === 0) return
  const all = ids(fed.map((one) => one.deliveryId))
  await reopenDeliveries(
    tx,
    fed.map((one) => one.deliveryId),
    { requestedBy: recovery.createdBy, retryAs: null },
  )
  await tx.execute(sql`update deliveries set after_id = null where id = any(${all}) and after_id is not null`)
  if (recovery.way === 'as_was') await keepAsWas(tx, fed)
  const missing = fed.filter((one) => one.wasMissing).map((one) => one.deliveryId)
  if (missing.length > 0) {
    await tx.execute(
      sql`update messages set front_state = 'none', accepted_at = null where id = any(${ids(missing)}) and front_state = 'missing'`,
    )
  }
  await enqueueAll(tx, fed)
  await tx.execute(sql`
    update recovery_items set state = 'sending', look_at = clock_timestamp()
    where recovery_id = ${recovery.id}::uuid and delivery_id = any(${all})`)
  await tx.insert(auditEvents).values(fed.map((one) => auditOf(recovery, one)))
  await tx.execute(sql`select pg_notify('patchbay_delivery', '')`)
}

function auditOf(recovery: Recovery, one: Fed): typeof auditEvents.$inferInsert {
  const reason = recovery.reason ? { reason: recovery.reason } : {}
  const result = one.headOf === null ? 'queued' : 'sent_now'
  return {
    id: newId(),
    actor: recovery.createdBy,
    action: 'delivery.retry',
    channelId: one.channelId,
    subjectId: one.deliveryId,
    details: {
      was: one.was,
      attempts: one.attempts,
      result,
      recovery: recovery.id,
      ...(recovery.way === 'as_was' ? { way: recovery.way } : {}),
      ...reason,
    },
  }
}

/** Replies go where the last attempt that was really sent went. */
async function keepAsWas(tx: Transaction, fed: Fed[]): Promise<void> {
  const replies = fed.filter((one) => one.direction === 'outbound').map((one) => one.deliveryId)
  if (replies.length === 0) return
  const ways = [...(await findLastSent(tx, replies))].map(([id, way]) => ({ id, way }))
  await tx.execute(sql`
    update deliveries d set retry_as = s.way from jsonb_to_recordset(${JSON.stringify(ways)}::text::jsonb) s(id uuid, way jsonb)
    where d.id = s.id`)
}

/** In the order of their conversations, as everybody appends to several lanes. */
async function enqueueAll(tx: Transaction, fed: Fed[]): Promise<void> {
  const heads = fed.flatMap(({ headOf }) => (headOf === null ? [] : [headOf]))
  if (heads.length > 0) {
    await tx.execute(
      sql`update lanes set attempt = 0, due_at = now() where id = any(${`{${heads.join(',')}}`}::bigint[])`,
    )
  }
  const tails = fed.filter((one) => one.headOf === null)
  if (tails.length === 0) return
  await tx.execute(sql`
    select enqueue_delivery(t."deliveryId", t."channelId", t."conversationId", t.direction)
    from (select * from jsonb_to_recordset(${JSON.stringify(tails)}::text::jsonb)
      x("deliveryId" uuid, "channelId" uuid, "conversationId" uuid, direction text) order by 3, 4) t`)
}

type Talk = { conversationId: string; direction: Direction }

export type Skip = { deliveryId: string; note: string }

/** Leaves items alone for good, with the reason. */
export async function skipItems(tx: Transaction, recoveryId: string, skips: Skip[]): Promise<void> {
  if (skips.length === 0) return
  await tx.execute(sql`
    update recovery_items i set state = 'skipped', note = s.note
    from jsonb_to_recordset(${JSON.stringify(skips)}::text::jsonb) s("deliveryId" uuid, note text)
    where i.recovery_id = ${recoveryId}::uuid and i.delivery_id = s."deliveryId"`)
}

/** Leaves alone all that stands behind in conversations that wait for a person. Returns how many. */
export async function skipBehind(tx: Transaction, recoveryId: string, of: Talk[], note: string): Promise<number> {
  let skipped = 0
  for (const { conversationId, direction } of of) {
    const rows = await tx.execute(sql`
      update recovery_items set state = 'skipped', note = ${note}
      where recovery_id = ${recoveryId}::uuid and conversation_id = ${conversationId}::uuid and direction = ${direction}
        and state = 'behind'
      returning 1`)
    skipped += rows.length
  }
  return skipped
}

/** Looks at items again later. */
export async function deferItems(tx: Transaction, recoveryId: string, of: string[], seconds: number): Promise<void> {
  if (of.length === 0) return
  await tx.execute(sql`
    update recovery_items set look_at = clock_timestamp() + ${seconds} * interval '1 second'
    where recovery_id = ${recoveryId}::uuid and delivery_id = any(${ids(of)})`)
}

/** Heads of lanes that stand behind in the same recovery come up first. Returns those that some recovery has still to send. */
export async function bringUpHeads(tx: Transaction, recoveryId: string, headIds: string[]): Promise<Set<string>> {
  if (headIds.length === 0) return new Set()
  const rows = await tx.execute<{ delivery_id: string; recovery_id: string; state: string }>(sql`
    select delivery_id, recovery_id, state from recovery_items where delivery_id = any(${ids(headIds)})
      and state in ${OPEN_ITEM}`)
  const behind = rows.filter((row) => row.recovery_id === recoveryId && row.state === 'behind')
  await bringUp(
    tx,
    recoveryId,
    behind.map((row) => row.delivery_id),
  )
  return new Set(rows.map((row) => row.delivery_id))
}

function ids(list: string[]) {
  return sql`${`{${list.join(',')}}`}::uuid[]`
}
