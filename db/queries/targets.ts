import { and, asc, eq, gt, gte, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { timeOfId } from '#db/ids'
import { channels } from '#db/schema/channels'
import { hourlyStats } from '#db/schema/hourly-stats'
import { laneQueue, lanes } from '#db/schema/lanes'
import { CHANNEL_SIDES, type ChannelSide, type LaneDirection, targets } from '#db/schema/targets'

export type Target = typeof targets.$inferSelect

/** Front takes about five messages a second for one channel. */
const FRONT_RATE = { rateEvery: '200 ms', rateBurst: 5 } as const

const MAX_ROWS = 1000

type Hold = { heldSince: Date; heldReason: string }

/** The sides of a new channel. Delivery finds nothing for a channel without them. */
export async function insertTargets(db: Db, { channelId, hold }: { channelId: string; hold?: Hold }): Promise<void> {
  await db.insert(targets).values([
    { channelId, direction: 'inbound', ...FRONT_RATE, ...hold },
    { channelId, direction: 'outbound', ...hold },
    { channelId, direction: 'report', ...FRONT_RATE, ...hold },
  ])
}

export async function listTargets(db: Db, channelIds: string[]): Promise<Target[]> {
  if (channelIds.length === 0) return []
  return db
    .select()
    .from(targets)
    .where(and(inArray(targets.channelId, channelIds), inArray(targets.direction, CHANNEL_SIDES)))
    .orderBy(asc(targets.channelId), asc(targets.direction))
    .limit(MAX_ROWS)
}

/**
 * Holds the sides that have a reason and releases those that have none, also where the other side had asked for a
 * pause. What is held already keeps its time. Wakes the workers at commit.
 */
export async function setHolds(
  db: Db,
  { channelId, holds, now }: { channelId: string; holds: Record<ChannelSide, string | null>; now: Date },
): Promise<void> {
  for (const direction of CHANNEL_SIDES) {
    const reason = holds[direction]
    const heldSince = sql`coalesce(${targets.heldSince}, ${now.toISOString()}::timestamptz)`
    const change = reason
      ? { heldSince, heldReason: reason, draining: true }
      : { heldSince: null, heldReason: null, holdUntil: null, holdUntilReason: null }
    const touched = reason ? undefined : isNotNull(targets.heldSince)
    await db
      .update(targets)
      .set(change)
      .where(and(eq(targets.channelId, channelId), eq(targets.direction, direction), touched))
  }
  await db.execute(sql`select pg_notify('patchbay_delivery', '')`)
}

// A slow rate has moved it far ahead, where it would hold up what comes next at another rate.
const NOW_AT_MOST = sql`least(${targets.tat}, now())`

/** Lets a changed rate for what had been held count from now on. */
export async function restartDrains(db: Db, channelId: string): Promise<void> {
  await db
    .update(targets)
    .set({ tat: NOW_AT_MOST })
    .where(and(eq(targets.channelId, channelId), targets.draining))
}

/** Targets of which nothing waits any more that had been held go at their usual rate again. */
export async function endDrains(db: Db): Promise<void> {
  const waits = sql`select 1 from ${lanes} l where l.channel_id = ${targets.channelId} and l.direction = ${targets.direction}
    and l.due_at is not null`
  await db
    .update(targets)
    .set({ draining: false, tat: NOW_AT_MOST })
    .where(and(targets.draining, isNull(targets.heldSince), isNull(targets.breakerSince), sql`not exists (${waits})`))
}

/** Application channels whose provider has refused our credentials as often as their rule allows, and that Front still shows as working. */
export async function listRefusedChannels(db: Db) {
  return db
    .select({ id: channels.id, failures: targets.credentialFailures, lastError: targets.lastError })
    .from(targets)
    .innerJoin(channels, eq(channels.id, targets.channelId))
    .where(
      and(
        gt(targets.credentialFailures, 0),
        eq(targets.direction, 'outbound'),
        gte(targets.credentialFailures, channels.offlineAfterFailures),
        eq(channels.kind, 'application'),
        isNull(channels.offlineSince),
        isNull(channels.archivedAt),
        isNull(channels.disconnectedAt),
        isNotNull(channels.connectedAt),
      ),
    )
    .orderBy(asc(channels.id))
    .limit(MAX_ROWS)
}

/** Counts refusals anew: somebody says that the provider takes our credentials again. */
export async function forgetRefusals(db: Db, channelId: string): Promise<void> {
  await db.update(targets).set({ credentialFailures: 0 }).where(eq(targets.channelId, channelId))
}

export type Waiting = {
  channelId: string
  direction: LaneDirection
  count: number
  blocked: number
  oldestAt: Date | null
}

/**
 * What waits, by channel and direction, read off the heads of the lanes that are not empty. `blocked` counts the
 * conversations that wait for a person.
 */
export async function listWaiting(db: Db, channelIds: string[]): Promise<Waiting[]> {
  if (channelIds.length === 0) return []
  const rows = await db
    .select({
      channelId: lanes.channelId,
      direction: lanes.direction,
      count: sql<string>`sum(${lanes.lastSeq} - ${lanes.headSeq} + 1)`,
      blocked: sql<string>`count(*) filter (where ${lanes.dueAt} is null)`,
      oldest: sql<string | null>`min(${laneQueue.deliveryId}::text)`,
    })
    .from(laneQueue)
    .innerJoin(lanes, and(eq(lanes.id, laneQueue.laneId), eq(lanes.headSeq, laneQueue.seq)))
    .where(and(inArray(lanes.channelId, channelIds), inArray(lanes.direction, CHANNEL_SIDES)))
    .groupBy(lanes.channelId, lanes.direction)
    .orderBy(lanes.channelId, lanes.direction)
    .limit(MAX_ROWS)
  return rows.map(({ oldest, count, blocked, ...row }) => ({
    ...row,
    count: Number(count),
    blocked: Number(blocked),
    oldestAt: oldest ? timeOfId(oldest) : null,
  }))
}

/** Delivered and failed since a moment, by direction, from the hourly counters (tests are left out of them). */
export async function sumStats(db: Db, { channelId, since }: { channelId: string; since: Date }) {
  const rows = await db
    .select({
      direction: hourlyStats.direction,
      delivered: sql<string>`sum(${hourlyStats.delivered})`,
      failed: sql<string>`sum(${hourlyStats.failed})`,
      attempts: sql<string>`sum(${hourlyStats.attempts})`,
      durationMs: sql<string>`sum(${hourlyStats.durationMs})`,
    })
    .from(hourlyStats)
    .where(and(eq(hourlyStats.channelId, channelId), gte(hourlyStats.hour, since)))
    .groupBy(hourlyStats.direction)
    .orderBy(hourlyStats.direction)
    .limit(2)
  return rows.map((row) => ({
    direction: row.direction,
    delivered: Number(row.delivered),
    failed: Number(row.failed),
    averageMs: Number(row.attempts) > 0 ? Math.round(Number(row.durationMs) / Number(row.attempts)) : null,
  }))
}
