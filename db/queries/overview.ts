import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { confirmations } from '#db/schema/confirmations'
import { deliveries } from '#db/schema/deliveries'
import { hourlyStats } from '#db/schema/hourly-stats'
import { laneQueue } from '#db/schema/lanes'
import { messages } from '#db/schema/messages'
import { targets } from '#db/schema/targets'

/** Counts on the overview stop here: they say that something is wrong, not how often it ever was. */
export const MOST_COUNTED = 1000
const MAX_ROWS = 50

/** After so many failed attempts in a row a channel is shown as failing. */
export const FAILING_AFTER = 3

/** The newest failed deliveries, up to a thousand, by channel, direction and cause. */
export async function countFailures(db: Db) {
  const newest = db
    .select({
      id: deliveries.id,
      channelId: deliveries.channelId,
      direction: deliveries.direction,
      errorClass: deliveries.lastErrorClass,
    })
    .from(deliveries)
    .where(eq(deliveries.status, 'failed'))
    .orderBy(desc(deliveries.id))
    .limit(MOST_COUNTED)
    .as('newest')
  return db
    .select({
      channelId: newest.channelId,
      channelName: channels.name,
      direction: newest.direction,
      errorClass: newest.errorClass,
      count: sql<number>`count(*)::int`,
      /** Of them, those that hold back their conversation until a person decides. */
      blocking: sql<number>`count(${laneQueue.deliveryId})::int`,
      oldestId: sql<string>`min(${newest.id}::text)`,
      newestId: sql<string>`max(${newest.id}::text)`,
    })
    .from(newest)
    .innerJoin(channels, eq(channels.id, newest.channelId))
    .leftJoin(laneQueue, eq(laneQueue.deliveryId, newest.id))
    .groupBy(newest.channelId, channels.name, newest.direction, newest.errorClass)
    .orderBy(sql`5 desc`, asc(newest.channelId), asc(newest.direction), asc(newest.errorClass))
    .limit(MAX_ROWS)
}

export type FailureGroup = Awaited<ReturnType<typeof countFailures>>[number]

/** Messages that Front accepted and that never appeared there, counted up to a thousand, and the newest. */
export async function countUnconfirmed(db: Db) {
  const newest = await db
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(deliveries, and(eq(deliveries.id, messages.id), eq(deliveries.status, 'delivered')))
    .where(eq(messages.frontState, 'missing'))
    .orderBy(desc(messages.id))
    .limit(MOST_COUNTED)
  return { count: newest.length, newestId: newest[0]?.id ?? null }
}

/** Messages accepted before a moment that Patchbay is still looking for in Front, counted up to a thousand. */
export async function countSlowConfirmations(db: Db, acceptedBefore: Date): Promise<number> {
  const slow = await db
    .select({ id: confirmations.messageId })
    .from(confirmations)
    .where(lt(confirmations.acceptedAt, acceptedBefore))
    .orderBy(asc(confirmations.dueAt))
    .limit(MOST_COUNTED)
  return slow.length
}

/** Deliveries that wait for any reason, counted up to a thousand. */
export async function countQueued(db: Db): Promise<number> {
  const waiting = await db
    .select({ laneId: laneQueue.laneId })
    .from(laneQueue)
    .orderBy(asc(laneQueue.laneId), asc(laneQueue.seq))
    .limit(MOST_COUNTED)
  return waiting.length
}

/** Sides of channels that are held, failing, or asked to wait, with why. */
export async function listTroubledTargets(db: Db, now: Date) {
  return db
    .select({
      channelId: channels.id,
      channelName: channels.name,
      direction: targets.direction,
      heldSince: targets.heldSince,
      heldReason: targets.heldReason,
      pausedAt: channels.pausedAt,
      kind: channels.kind,
      disconnectedAt: channels.disconnectedAt,
      offlineSince: channels.offlineSince,
      breakerSince: targets.breakerSince,
      breakerReason: targets.breakerReason,
      holdUntil: targets.holdUntil,
      holdUntilReason: targets.holdUntilReason,
      failuresInARow: targets.failuresInARow,
      lastError: targets.lastError,
      lastDeliveredAt: targets.lastDeliveredAt,
    })
    .from(targets)
    .innerJoin(channels, eq(channels.id, targets.channelId))
    .where(
      and(
        isNull(channels.archivedAt),
        or(
          isNotNull(targets.heldSince),
          isNotNull(targets.breakerSince),
          gt(targets.holdUntil, now),
          gte(targets.failuresInARow, FAILING_AFTER),
        ),
      ),
    )
    .orderBy(asc(channels.name), asc(channels.id), asc(targets.direction))
    .limit(MAX_ROWS)
}

export type TroubledTarget = Awaited<ReturnType<typeof listTroubledTargets>>[number]

/** Front companies that asked us to pause all calls for a while. */
export async function listPausedCompanies(db: Db, now: Date) {
  return db
    .select({
      id: companies.id,
      name: companies.name,
      holdUntil: companies.holdUntil,
      holdReason: companies.holdReason,
    })
    .from(companies)
    .where(gt(companies.holdUntil, now))
    .orderBy(asc(companies.name), asc(companies.id))
    .limit(MAX_ROWS)
}

/** Delivered and failed by hour and direction since a moment, from the counters. */
export async function sumHourlyStats(db: Db, since: Date) {
  return db
    .select({
      hour: hourlyStats.hour,
      direction: hourlyStats.direction,
      delivered: sql<number>`sum(${hourlyStats.delivered})::int`,
      failed: sql<number>`sum(${hourlyStats.failed})::int`,
    })
    .from(hourlyStats)
    .where(gte(hourlyStats.hour, since))
    .groupBy(hourlyStats.hour, hourlyStats.direction)
    .orderBy(asc(hourlyStats.hour), asc(hourlyStats.direction))
    .limit(200)
}

export type HourSum = Awaited<ReturnType<typeof sumHourlyStats>>[number]

/** Whether any channel is connected: without one the overview shows the way in. */
export async function hasChannels(db: Db): Promise<boolean> {
  const [row] = await db.select({ id: channels.id }).from(channels).where(isNull(channels.archivedAt)).limit(1)
  return row !== undefined
}
