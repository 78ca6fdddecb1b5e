import { sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import type { DeliveryStatus } from '#db/schema/deliveries'
import type { FrontState } from '#db/schema/messages'
import type { Direction } from '#db/schema/targets'

export type TargetRoom = {
  channelId: string
  direction: Direction
  /** How many more its lanes may hold, so that a fresh message waits for next to nothing. */
  room: number
  /** The Front company whose calls it uses; null where nothing is counted. */
  companyId: string | null
}

/** Recovered deliveries in the lanes of one target that have not been tried, at the most. */
const MOST_PER_TARGET = 20
/** Of lanes and look-ups that are due no more than this is counted: above it there is no room anyway. */
const COUNTED = 60
/** A target that has refused this many in a row gets one at a time, until one goes through. */
const REFUSES_AFTER = 10

/**
 * The targets that a recovery has something for and that may be called now, with their room. A target with a rate has room for a
 * second's worth. One whose breaker is open gets nothing, but for a probe when its wait is over and nothing else could be one.
 */
export async function listRooms(tx: Transaction, recoveryId: string): Promise<TargetRoom[]> {
  const rows = await tx.execute<{
    channel_id: string
    direction: Direction
    room: number
    company_id: string | null
  }>(sql`
    select tg.channel_id, tg.direction,
      case when tg.direction <> 'outbound' and co.calls_every is not null then co.id end as company_id,
      (case when tg.breaker_since is not null then (f.sending = 0 and not waits.here)::int
            when tg.failures_in_a_row >= ${REFUSES_AFTER} then (f.sending = 0 and d.due = 0)::int
            else least(${MOST_PER_TARGET}, tg.max_in_flight,
                       ceil(1 / extract(epoch from rate.every))) - greatest(d.due, f.sending) end)::int as room
    from recovery_targets rt
    join targets tg on tg.channel_id = rt.channel_id and tg.direction = rt.direction
    join channels ch on ch.id = rt.channel_id
    join companies co on co.id = ch.company_id
    cross join lateral target_rate(tg, ch.held_per_minute) rate
    cross join lateral (select 1 from recovery_items i where i.recovery_id = rt.recovery_id and i.channel_id = rt.channel_id
      and i.direction = rt.direction and i.state = 'waiting' and i.look_at <= clock_timestamp()
      order by i.look_at limit 1) unfed
    cross join lateral (select count(*) as due from (select 1 from lanes l where l.channel_id = tg.channel_id
      and l.direction = tg.direction and l.due_at <= now() order by l.due_at limit ${COUNTED}) x) d
    cross join lateral (select count(*) as sending from recovery_items s where s.channel_id = tg.channel_id
      and s.direction = tg.direction and s.state = 'sending') f
    cross join lateral (select exists (select 1 from lanes l where l.channel_id = tg.channel_id and l.direction = tg.direction
      and l.due_at is not null) as here) waits
    where rt.recovery_id = ${recoveryId}::uuid and tg.held_since is null and (tg.hold_until is null or tg.hold_until <= now())
      and (tg.direction = 'outbound' or co.hold_until is null or co.hold_until <= now())
    order by tg.channel_id, tg.direction`)
  return rows
    .map((row) => ({
      channelId: row.channel_id,
      direction: row.direction,
      room: row.room,
      companyId: row.company_id,
    }))
    .filter(({ room }) => room > 0)
}

/**
 * Messages that a recovery may add to the calls of each Front company: half of the burst is left to fresh traffic. A message
 * costs two calls, since what Front accepted is looked up; what is about to be sent or looked up counts as spent.
 */
export async function listCompanyRooms(tx: Transaction, companyIds: string[]): Promise<Map<string, number>> {
  if (companyIds.length === 0) return new Map()
  const rows = await tx.execute<{ id: string; room: number }>(sql`
    select c.id, greatest(0, (calls_allowed(c, ceil(c.calls_burst / 2.0)::int) - due.n - looks.n) / 2)::int as room
    from companies c
    cross join lateral (select count(*)::int as n from (
      select 1 from channels ch join targets tg on tg.channel_id = ch.id and tg.direction in ('inbound', 'report') and tg.held_since is null
      cross join lateral (select 1 from lanes l where l.channel_id = tg.channel_id and l.direction = tg.direction
        and l.due_at <= now() order by l.due_at limit ${COUNTED}) l
      where ch.company_id = c.id limit ${COUNTED}) x) due
    cross join lateral (select count(*)::int as n from (
      select 1 from (select channel_id from confirmations where due_at <= now() + interval '1 second'
        order by due_at limit ${COUNTED}) k
      join channels ch on ch.id = k.channel_id where ch.company_id = c.id) x) looks
    where c.id = any(${`{${companyIds.join(',')}}`}::uuid[])`)
  return new Map(rows.map(({ id, room }) => [id, room]))
}

/** Recovered deliveries that wait for their first try, or are being tried, where they may go. */
export async function countSending(db: Db): Promise<number> {
  const [row] = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from recovery_items i
    join targets tg on tg.channel_id = i.channel_id and tg.direction = i.direction
    join channels ch on ch.id = tg.channel_id
    join companies co on co.id = ch.company_id
    where i.state = 'sending' and tg.held_since is null and tg.breaker_since is null
      and (tg.hold_until is null or tg.hold_until <= now())
      and (tg.direction = 'outbound' or co.hold_until is null or co.hold_until <= now())`)
  return row?.n ?? 0
}

export type Share = { channelId: string; direction: Direction; n: number }

/** An item that may be fed, with what is known of its delivery and its lane. */
export type Candidate = {
  deliveryId: string
  channelId: string
  conversationId: string
  direction: Direction
  /** Null when the log has forgotten it. */
  status: DeliveryStatus | null
  attempts: number
  frontState: FrontState | null
  /** Somebody else has the delivery or its lane at this moment. */
  taken: boolean
  lane: { id: number; empty: boolean; blocked: boolean; headId: string | null } | null
}

type CandidateRow = {
  delivery_id: string
  channel_id: string
  conversation_id: string
  direction: Direction
}

/** The next items of each target, with their lanes and deliveries locked. What somebody else has is never waited for. */
export async function takeCandidates(tx: Transaction, recoveryId: string, shares: Share[]): Promise<Candidate[]> {
  const items = await tx.execute<CandidateRow>(sql`
    select i.delivery_id, i.channel_id, i.conversation_id, i.direction
    from jsonb_to_recordset(${JSON.stringify(shares)}::text::jsonb) t("channelId" uuid, direction text, n int)
    cross join lateral (
      select * from recovery_items i where i.recovery_id = ${recoveryId}::uuid and i.channel_id = t."channelId"
        and i.direction = t.direction and i.state = 'waiting' and i.look_at <= clock_timestamp()
      order by i.look_at, i.delivery_id limit t.n) i`)
  const picked = [...items]
  if (picked.length === 0) return []
  const lanes = await lockLanes(tx, picked)
  const deliveries = await lockDeliveries(tx, picked)
  return picked.map((item) => {
    const lane = lanes.get(`${item.conversation_id} ${item.direction}`)
    const delivery = deliveries.get(item.delivery_id)
    return {
      deliveryId: item.delivery_id,
      channelId: item.channel_id,
      conversationId: item.conversation_id,
      direction: item.direction,
      status: delivery?.status ?? null,
      attempts: delivery?.attempts ?? 0,
      frontState: delivery?.front_state ?? null,
      taken: lane?.locked === false || delivery?.locked === false,
      lane: lane ? { id: Number(lane.id), empty: lane.empty, blocked: lane.blocked, headId: lane.head_id } : null,
    }
  })
}

type LaneRow = {
  id: string
  conversation_id: string
  direction: string
  empty: boolean
  blocked: boolean
  head_id: string | null
  locked: boolean
}

async function lockLanes(tx: Transaction, items: CandidateRow[]): Promise<Map<string, LaneRow>> {
  const wanted = sql`(select conversation_id, direction from jsonb_to_recordset(${JSON.stringify(items)}::text::jsonb)
    t(conversation_id uuid, direction text))`
  const locked = await tx.execute<{ id: string }>(
    sql`select id from lanes where (conversation_id, direction) in ${wanted} order by id for update skip locked`,
  )
  const mine = new Set(locked.map(({ id }) => id))
  const rows = await tx.execute<Omit<LaneRow, 'locked'>>(sql`
    select l.id, l.conversation_id, l.direction, l.head_seq > l.last_seq as empty,
      l.head_seq <= l.last_seq and l.due_at is null as blocked, q.delivery_id as head_id
    from lanes l left join lane_queue q on q.lane_id = l.id and q.seq = l.head_seq
    where (l.conversation_id, l.direction) in ${wanted}`)
  return new Map(rows.map((row) => [`${row.conversation_id} ${row.direction}`, { ...row, locked: mine.has(row.id) }]))
}

type DeliveryRow = { id: string; status: DeliveryStatus; attempts: number; front_state: FrontState; locked: boolean }

async function lockDeliveries(tx: Transaction, items: CandidateRow[]): Promise<Map<string, DeliveryRow>> {
  const ids = sql`${`{${items.map((item) => item.delivery_id).join(',')}}`}::uuid[]`
  const locked = await tx.execute<{ id: string }>(
    sql`select id from deliveries where id = any(${ids}) order by id for update skip locked`,
  )
  const mine = new Set(locked.map(({ id }) => id))
  const rows = await tx.execute<Omit<DeliveryRow, 'locked'>>(sql`
    select d.id, d.status, d.attempts, m.front_state from unnest(${ids}) x(id)
    join lateral (select * from deliveries where id = x.id limit 1) d on true
    join lateral (select front_state from messages where id = x.id limit 1) m on true`)
  return new Map(rows.map((row) => [row.id, { ...row, locked: mine.has(row.id) }]))
}
