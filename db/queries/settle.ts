import { sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import type { Direction } from '#db/schema/targets'

/** What became of a claimed head. `skipped`: a person had discarded it. `deferred`: handed back untried. */
export type SettledStatus = 'delivered' | 'retrying' | 'failed' | 'skipped' | 'deferred'

export type AttemptRow = {
  id: string
  requested_by: string | null
  started_at: string
  duration_ms: number
  method: string | null
  url: string | null
  ip: string | null
  request_headers: Record<string, string> | null
  request_body: string | null
  response_status: number | null
  response_headers: Record<string, string> | null
  response_body: string | null
  response_bytes: number | null
  error_class: string | null
  error: string | null
}

/** One settlement: snake_case, because it travels to Postgres as JSON. */
export type Settlement = {
  lane_id: number
  token: string
  seq: number
  attempt: number
  delivery_id: string
  channel_id: string
  direction: Direction
  status: SettledStatus
  /** The lane moves on to the next delivery. */
  advance: boolean
  retry_ms: number | null
  answer_lost: boolean
  is_test: boolean
  /** The other side asked for a pause: of the channel's target or of the whole Front company. */
  hold: 'target' | 'company' | null
  hold_ms: number | null
  hold_reason: string | null
  /** Null when nothing was tried. */
  try: AttemptRow | null
  message_uid: string | null
  front_message_id: string | null
  front_conversation_id: string | null
  external_id: string | null
  provider_key: string | null
}

/**
 * Writes what became of a batch of claims, in one statement: attempt, delivery, message, lane, target and counters move
 * together or not at all. A claim whose lease went to somebody else changes nothing.
 * @returns the ids of the deliveries that were settled
 */
export async function settleDeliveries(db: Db, settlements: Settlement[]): Promise<string[]> {
  if (settlements.length === 0) return []
  const rows = await db.execute<{ delivery_id: string }>(settleStatement(JSON.stringify(settlements)))
  return rows.map((row) => row.delivery_id)
}

// Lanes are locked in the order of their ids and targets after them, so that two batches cannot deadlock.
const settleStatement = (batch: string) => sql`
with given as (
  select * from jsonb_to_recordset(${batch}::text::jsonb) as t(
    lane_id bigint, token uuid, seq bigint, attempt int, delivery_id uuid, channel_id uuid, direction text, status text,
    advance boolean, retry_ms float8, answer_lost boolean, is_test boolean, hold text, hold_ms float8, hold_reason text,
    try jsonb, message_uid text, front_message_id text, front_conversation_id text, external_id text, provider_key text)
), k as materialized (
  select given.* from given join lanes l on l.id = given.lane_id
  where l.lease = given.token and l.head_seq = given.seq and l.attempt = given.attempt
  order by l.id for update of l
), gone as (
  delete from lane_queue q using k where k.advance and q.lane_id = k.lane_id and q.seq = k.seq
), lane as (
  update lanes l set lease = null, head_seq = l.head_seq + k.advance::int,
    attempt = case when k.advance then 0 when k.status = 'deferred' then l.attempt - 1 else l.attempt end,
    due_at = case
      when k.advance then case when l.last_seq > l.head_seq then now() end
      when k.status = 'failed' then null
      else now() + k.retry_ms * interval '1 ms' end
  from k where l.id = k.lane_id
), delivery as (
  update deliveries d set status = k.status, attempts = d.attempts + 1,
    next_attempt_at = case when k.status = 'retrying' then now() + k.retry_ms * interval '1 ms' end,
    last_status = (k.try->>'response_status')::int, last_error_class = k.try->>'error_class', last_error = k.try->>'error',
    answer_lost = case when k.status = 'delivered' then false else d.answer_lost or k.answer_lost end,
    requested_by = null, ended_at = case when k.status <> 'retrying' then now() end
  from k where d.id = k.delivery_id and k.status in ('delivered', 'retrying', 'failed')
  returning d.id, d.attempts, d.next_attempt_at, d.conversation_id, k.channel_id, k.direction, k.status, k.is_test, k.try,
    k.message_uid, k.front_message_id, k.front_conversation_id, k.external_id, k.provider_key
), attempt as (
  insert into attempts (id, delivery_id, n, requested_by, started_at, duration_ms, method, url, ip, request_headers,
    request_body, response_status, response_headers, response_body, response_bytes, outcome, error_class, error, next_attempt_at)
  select t.id, d.id, d.attempts, t.requested_by, t.started_at, t.duration_ms, t.method, t.url, t.ip, t.request_headers,
    t.request_body, t.response_status, t.response_headers, t.response_body, t.response_bytes, d.status, t.error_class,
    t.error, d.next_attempt_at
  from delivery d, jsonb_to_record(d.try) as t(id uuid, requested_by text, started_at timestamptz, duration_ms int,
    method text, url text, ip text, request_headers jsonb, request_body text, response_status int, response_headers jsonb,
    response_body text, response_bytes int, error_class text, error text)
), message as (
  update messages m set
    front_state = case when d.front_message_id is not null then 'confirmed' when d.message_uid is not null then 'accepted' else m.front_state end,
    accepted_at = case when d.message_uid is not null or d.front_message_id is not null then now() else m.accepted_at end,
    confirmed_at = case when d.front_message_id is not null then now() else m.confirmed_at end,
    message_uid = coalesce(d.message_uid, m.message_uid),
    front_message_id = coalesce(d.front_message_id, m.front_message_id),
    front_conversation_id = coalesce(d.front_conversation_id, m.front_conversation_id),
    external_id = coalesce(d.external_id, m.external_id)
  from delivery d where m.id = d.id
    and (d.message_uid is not null or d.front_message_id is not null or d.external_id is not null)
), confirmation as (
  insert into confirmations (message_id, channel_id, message_uid, accepted_at, due_at)
  select id, channel_id, message_uid, now(), now() + interval '1 second' from delivery
  where message_uid is not null and front_message_id is null
  on conflict (message_id) do update set message_uid = excluded.message_uid, tries = 0, due_at = excluded.due_at
), key as (
  insert into message_keys (channel_id, kind, value, message_id)
  select channel_id, 'uid', message_uid, id from delivery where message_uid is not null
  union all select channel_id, 'front', front_message_id, id from delivery where front_message_id is not null
  union all select channel_id, 'provider_answer', external_id, id from delivery where external_id is not null
  on conflict do nothing
), conversation as (
  update conversations c set provider_key = d.provider_key from delivery d
  where c.id = d.conversation_id and d.provider_key is not null
), tally as (
  select channel_id, direction, count(*) filter (where status = 'delivered') as delivered,
    count(*) filter (where status = 'failed') as failed, count(*) filter (where status in ('retrying', 'failed')) as errors,
    count(*) filter (where try is not null) as tried, coalesce(sum((try->>'duration_ms')::int), 0) as duration_ms,
    max(hold_ms) filter (where hold = 'target') as hold_ms, max(hold_reason) as hold_reason, max(try->>'error') as error,
    is_test
  from k where status in ('delivered', 'retrying', 'failed') group by channel_id, direction, is_test
), target_locks as materialized (
  select t.channel_id, t.direction from targets t
  where (t.channel_id, t.direction) in (select channel_id, direction from tally)
  order by 1, 2 for no key update
), target as (
  update targets t set
    failures_in_a_row = case when y.delivered > 0 then 0 else t.failures_in_a_row + y.errors end,
    last_delivered_at = case when y.delivered > 0 then now() else t.last_delivered_at end,
    last_failed_at = case when y.errors > 0 then now() else t.last_failed_at end,
    last_error = case when y.delivered > 0 then null else coalesce(y.error, t.last_error) end,
    hold_until = case when y.hold_ms is null then t.hold_until
      else greatest(coalesce(t.hold_until, '-infinity'), now() + y.hold_ms * interval '1 ms') end,
    hold_until_reason = case when y.hold_ms is null then t.hold_until_reason else y.hold_reason end
  from (select channel_id, direction, sum(delivered) as delivered, sum(errors) as errors, max(hold_ms) as hold_ms,
          max(hold_reason) as hold_reason, max(error) as error
        from tally join target_locks using (channel_id, direction) group by 1, 2) y
  where t.channel_id = y.channel_id and t.direction = y.direction
), company as (
  update companies c set hold_until = greatest(coalesce(c.hold_until, '-infinity'), now() + h.hold_ms * interval '1 ms'),
    hold_reason = h.hold_reason
  from (select ch.company_id, max(k.hold_ms) as hold_ms, max(k.hold_reason) as hold_reason from k
        join channels ch on ch.id = k.channel_id where k.hold = 'company' group by 1) h
  where c.id = h.company_id
), stats as (
  insert into hourly_stats as s (channel_id, direction, hour, delivered, failed, attempts, duration_ms)
  select channel_id, direction, date_trunc('hour', now()), delivered, failed, tried, duration_ms from tally
  where not is_test order by 1, 2
  on conflict (hour, channel_id, direction) do update set delivered = s.delivered + excluded.delivered,
    failed = s.failed + excluded.failed, attempts = s.attempts + excluded.attempts, duration_ms = s.duration_ms + excluded.duration_ms
)
select delivery_id from k`
