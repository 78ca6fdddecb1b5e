import { and, eq, gte, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { firstIdAt } from '#db/ids'
import { channels } from '#db/schema/channels'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'
import { DIRECTIONS, type Direction, targets } from '#db/schema/targets'

type Bounds = {
  /** Failed attempts in a row from which on a side is of interest. */
  failures: number
  /** A message that came before this waits too long. */
  waitingBefore: Date
  /** Messages before this are no longer counted as missing in Front. */
  missingSince: Date
}

export type ChannelTrouble = {
  /** The side that fails most. */
  failing: { direction: Direction; failures: number; breakerSince: Date | null } | null
  offlineSince: Date | null
  oldestWaitingAt: Date | null
  missing: number
}

/**
 * What is wrong with channels that are in use, as far as any destination may want to know: four queries that read what
 * fails, waits and is missing, never the log, and a bounded part of a backlog.
 */
export async function readTrouble(db: Db, { failures, waitingBefore, missingSince }: Bounds) {
  const [failing, offline, old, missing] = [
    await listFailing(db, failures),
    await listOffline(db),
    await listOldest(db, waitingBefore),
    await countMissing(db, missingSince),
  ]
  const troubles = new Map<string, ChannelTrouble>()
  const of = (channelId: string): ChannelTrouble => {
    const known = troubles.get(channelId) ?? { failing: null, offlineSince: null, oldestWaitingAt: null, missing: 0 }
    troubles.set(channelId, known)
    return known
  }
  for (const { channelId, ...side } of failing) {
    const trouble = of(channelId)
    if (!trouble.failing || side.failures > trouble.failing.failures) trouble.failing = side
  }
  for (const { id, since } of offline) of(id).offlineSince = since
  for (const { channel_id, oldest } of old) of(channel_id).oldestWaitingAt = new Date(oldest)
  for (const { channelId, count } of missing) of(channelId).missing = count
  return troubles
}

async function listFailing(db: Db, failures: number) {
  const rows = await db
    .select({
      channelId: targets.channelId,
      direction: targets.direction,
      failures: targets.failuresInARow,
      breakerSince: targets.breakerSince,
    })
    .from(targets)
    .innerJoin(channels, and(eq(channels.id, targets.channelId), isNull(channels.archivedAt)))
    .where(
      and(
        inArray(targets.direction, DIRECTIONS),
        or(gte(targets.failuresInARow, failures), isNotNull(targets.breakerSince)),
      ),
    )
  return rows.map((row) => ({ ...row, direction: row.direction === 'inbound' ? 'inbound' : 'outbound' }) as const)
}

async function listOffline(db: Db) {
  return db
    .select({
      id: channels.id,
      since: sql<Date>`coalesce(${channels.disconnectedAt}, ${channels.offlineSince})`.mapWith(channels.offlineSince),
    })
    .from(channels)
    .where(and(isNull(channels.archivedAt), or(isNotNull(channels.offlineSince), isNotNull(channels.disconnectedAt))))
}

/** Rows that one look at what waits reads at most; beyond that each side of a channel is looked at by itself. */
const MOST_READ = 2000
/** Of each side then, those conversations that have been due longest. */
const SAMPLE = 50

type Oldest = { channel_id: string; oldest: string | Date }

/**
 * Along the ids of what waits, which are times: where nothing has waited that long, it reads nothing. What was asked for
 * again waits since then. Lanes one by one: a
 * join reads them from end to end. A backlog of one channel, however large, hides none of another.
 */
async function listOldest(db: Db, before: Date): Promise<Oldest[]> {
  const [end, time] = [firstIdAt(before), before.toISOString()]
  const rows = await db.execute<{ read: number; channel_id: string | null; oldest: string | Date | null }>(sql`
    with oldest as materialized (
      select q.lane_id, q.seq, q.queued_at from lane_queue q
      where q.delivery_id < ${end}::uuid and q.queued_at < ${time}::timestamptz order by q.delivery_id limit ${MOST_READ})
    select r.read, x.channel_id, x.oldest from (select count(*)::int as read from oldest) r left join (
      select l.channel_id, min(o.queued_at) as oldest from oldest o
      cross join lateral (
        select channel_id, direction from lanes where id = o.lane_id and head_seq = o.seq limit 1) l
      join channels c on c.id = l.channel_id and c.archived_at is null
      where l.direction in ('inbound', 'outbound')
      group by 1) x on true`)
  const found = rows.flatMap(({ channel_id, oldest }) => (channel_id && oldest ? [{ channel_id, oldest }] : []))
  const readAll = (rows[0]?.read ?? 0) < MOST_READ
  return readAll ? found : [...(await sampleOldest(db, time)), ...found]
}

async function sampleOldest(db: Db, time: string): Promise<Oldest[]> {
  return db.execute<Oldest>(sql`
    select t.channel_id, min(h.queued_at) as oldest
    from targets t
    join channels c on c.id = t.channel_id and c.archived_at is null
    cross join lateral (
      select id, head_seq from lanes
      where channel_id = t.channel_id and direction = t.direction and due_at is not null
      order by due_at limit ${SAMPLE}) l
    cross join lateral (
      select queued_at from lane_queue where lane_id = l.id and seq = l.head_seq and queued_at < ${time}::timestamptz limit 1) h
    where t.direction in ('inbound', 'outbound')
    group by 1`)
}

async function countMissing(db: Db, since: Date) {
  return db
    .select({ channelId: messages.channelId, count: sql<number>`count(*)::int` })
    .from(messages)
    .innerJoin(deliveries, and(eq(deliveries.id, messages.id), eq(deliveries.status, 'delivered')))
    .innerJoin(channels, and(eq(channels.id, messages.channelId), isNull(channels.archivedAt)))
    .where(and(eq(messages.frontState, 'missing'), gte(messages.id, firstIdAt(since)), eq(messages.isTest, false)))
    .groupBy(messages.channelId)
}
