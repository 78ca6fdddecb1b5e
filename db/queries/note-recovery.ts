import { sql } from 'drizzle-orm'
import type { Transaction } from '#db/client'
import type { RecoveryItemState } from '#db/schema/recoveries'

/** How the numbers of a recovery change. */
export type CountChanges = Partial<
  Record<'waiting' | 'sending' | 'delivered' | 'failed' | 'skipped' | 'cancelled', number>
>

export async function addCounts(tx: Transaction, recoveryId: string, changes: CountChanges): Promise<void> {
  const n = (name: keyof CountChanges) => changes[name] ?? 0
  await tx.execute(sql`
    update recoveries set waiting = waiting + ${n('waiting')}, sending = sending + ${n('sending')},
      delivered = delivered + ${n('delivered')}, failed = failed + ${n('failed')}, skipped = skipped + ${n('skipped')},
      cancelled = cancelled + ${n('cancelled')}
    where id = ${recoveryId}::uuid`)
}

type Noted = { state: RecoveryItemState; conversation_id: string; direction: string }

/**
 * Writes down how items that were fed went on, the longest unseen first, and lets the next message of each conversation
 * whose item has ended come up. Whatever ended a delivery counts: an attempt, a person, the provider, retention.
 */
export async function noteEnds(tx: Transaction, recoveryId: string, limit: number): Promise<CountChanges> {
  const noted = await tx.execute<Noted>(sql`
    with looked as materialized (
      select delivery_id, state from recovery_items
      where recovery_id = ${recoveryId}::uuid and state in ('sending', 'retrying') and look_at <= clock_timestamp()
      order by look_at limit ${limit}),
    found as materialized (
      select i.delivery_id, d.status, d.next_attempt_at, d.last_error, d.discarded_by
      from looked i left join lateral (select * from deliveries where id = i.delivery_id limit 1) d on true),
    noted as (
      update recovery_items i set
        state = case when f.status is null or f.status = 'discarded' then 'skipped' when f.status = 'pending' then i.state else f.status end,
        note = case when f.status is null then 'Its log is not kept any more.'
          when f.status = 'discarded' then 'Discarded by ' || coalesce(f.discarded_by, 'somebody') || '.'
          when f.status = 'failed' then left(f.last_error, 500) end,
        look_at = case when f.status = 'retrying'
          then least(coalesce(f.next_attempt_at, now()), clock_timestamp() + interval '10 seconds') else clock_timestamp() end
      from found f where i.recovery_id = ${recoveryId}::uuid and i.delivery_id = f.delivery_id
      returning i.state, i.conversation_id, i.direction)
    select * from noted where state not in ('sending', 'retrying')`)
  await bringUpNext(tx, recoveryId, [...noted])
  return countEnds([...noted].map(({ state }) => state))
}

function countEnds(states: RecoveryItemState[]): CountChanges {
  const changes: CountChanges = { sending: -states.length }
  for (const state of states) {
    if (state === 'delivered' || state === 'failed' || state === 'skipped') changes[state] = (changes[state] ?? 0) + 1
  }
  return changes
}

type Talk = { conversation_id: string; direction: string }

/** Of each conversation the oldest message that stands behind comes up, unless another one is before it. */
export async function bringUpNext(tx: Transaction, recoveryId: string, talks: Talk[]): Promise<void> {
  if (talks.length === 0) return
  // Found first and changed by their key: in one statement the planner read the whole recovery for each of them.
  const next = await tx.execute<{ delivery_id: string }>(sql`
    select distinct on (t.conversation_id, t.direction) n.delivery_id
    from jsonb_to_recordset(${JSON.stringify(talks)}::text::jsonb) t(conversation_id uuid, direction text)
    cross join lateral (
      select i.delivery_id from recovery_items i
      where i.recovery_id = ${recoveryId}::uuid and i.conversation_id = t.conversation_id and i.direction = t.direction
        and i.state = 'behind'
      order by i.delivery_id limit 1) n
    where not exists (select 1 from recovery_items o where o.recovery_id = ${recoveryId}::uuid
      and o.conversation_id = t.conversation_id and o.direction = t.direction
      and o.state in ('waiting', 'sending', 'retrying'))`)
  await bringUp(
    tx,
    recoveryId,
    next.map((row) => row.delivery_id),
  )
}

/** These are looked at next. */
export async function bringUp(tx: Transaction, recoveryId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.execute(sql`
    update recovery_items set state = 'waiting', look_at = clock_timestamp()
    where recovery_id = ${recoveryId}::uuid and delivery_id = any(${`{${ids.join(',')}}`}::uuid[])`)
}

/** Closes up to `limit` items that have not been fed: their deliveries stay as they are. Returns how many. */
export async function cancelWaiting(tx: Transaction, recoveryId: string, limit: number): Promise<number> {
  const rows = await tx.execute(sql`
    update recovery_items set state = 'cancelled' where recovery_id = ${recoveryId}::uuid and delivery_id in (
      select delivery_id from recovery_items where recovery_id = ${recoveryId}::uuid and state in ('behind', 'waiting') limit ${limit})
    returning 1`)
  return rows.length
}

/** Closes what goes through channels that have been archived. Returns how many. */
export async function skipArchived(tx: Transaction, recoveryId: string): Promise<number> {
  const archived = await tx.execute<{ channel_id: string }>(sql`
    select distinct t.channel_id from recovery_targets t
    join channels ch on ch.id = t.channel_id and ch.archived_at is not null
    cross join lateral (select 1 from recovery_items w where w.recovery_id = t.recovery_id and w.channel_id = t.channel_id
      and w.direction = t.direction and w.state = 'waiting' order by w.look_at limit 1) unfed
    where t.recovery_id = ${recoveryId}::uuid`)
  if (archived.length === 0) return 0
  const ids = `{${archived.map((row) => row.channel_id).join(',')}}`
  const rows = await tx.execute(sql`
    update recovery_items set state = 'skipped', note = 'The channel was archived.'
    where recovery_id = ${recoveryId}::uuid and state in ('behind', 'waiting') and channel_id = any(${ids}::uuid[])
    returning 1`)
  return rows.length
}
