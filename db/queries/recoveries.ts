import { and, asc, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { conversations } from '#db/schema/conversations'
import { type RecoveryItemState, recoveries, recoveryItems, recoveryTargets } from '#db/schema/recoveries'
import { targets } from '#db/schema/targets'

export type Recovery = typeof recoveries.$inferSelect

const MOST_LISTED = 100

export async function insertRecovery(tx: Transaction, recovery: typeof recoveries.$inferInsert): Promise<void> {
  await tx.insert(recoveries).values(recovery)
}

export async function getRecovery(db: Db, id: string): Promise<Recovery | null> {
  const [row] = await db.select().from(recoveries).where(eq(recoveries.id, id)).limit(1)
  return row ?? null
}

/** Newest first. */
export async function listRecoveries(db: Db): Promise<Recovery[]> {
  return db.select().from(recoveries).orderBy(desc(recoveries.id)).limit(MOST_LISTED)
}

/** Forgets recoveries that ended before a moment, with their items; `limit` of them at the most. */
export async function deleteOldRecoveries(db: Db, { before, limit }: { before: Date; limit: number }): Promise<void> {
  const old = db.select({ id: recoveries.id }).from(recoveries).where(lt(recoveries.endedAt, before)).limit(limit)
  await db.delete(recoveries).where(inArray(recoveries.id, old))
}

/** Recoveries that have something to do, the longest untouched first. */
export async function listOpenRecoveryIds(db: Db): Promise<string[]> {
  const rows = await db
    .select({ id: recoveries.id })
    .from(recoveries)
    .where(isNull(recoveries.endedAt))
    .orderBy(sql`${recoveries.fedAt} nulls first`, asc(recoveries.id))
    .limit(MOST_LISTED)
  return rows.map(({ id }) => id)
}

/** Locked until the caller's transaction ends. `skip`: null as well when somebody else has it. */
export async function lockRecovery(tx: Transaction, id: string, { skip }: { skip: boolean }): Promise<Recovery | null> {
  const [row] = await tx
    .select()
    .from(recoveries)
    .where(eq(recoveries.id, id))
    .for('update', skip ? { skipLocked: true } : undefined)
  return row ?? null
}

export async function updateRecovery(
  tx: Transaction,
  id: string,
  change: Partial<typeof recoveries.$inferInsert>,
): Promise<void> {
  await tx.update(recoveries).set(change).where(eq(recoveries.id, id))
}

const targetColumns = {
  channelId: targets.channelId,
  channelName: channels.name,
  direction: targets.direction,
  heldReason: targets.heldReason,
  heldSince: targets.heldSince,
  breakerSince: targets.breakerSince,
  holdUntil: targets.holdUntil,
  /** Seconds for each delivery; null means no limit. */
  rateEveryS: sql<number | null>`extract(epoch from ${targets.rateEvery})::float8`,
  companyId: companies.id,
  companyHoldUntil: companies.holdUntil,
  /** Front's calls a minute, as far as it has told. */
  rateLimit: companies.rateLimit,
}

/** Where a recovery would send, with what limits each target and what stands in its way. */
export async function listTargetFacts(db: Db, channelIds: string[]) {
  if (channelIds.length === 0) return []
  return db
    .select(targetColumns)
    .from(targets)
    .innerJoin(channels, eq(channels.id, targets.channelId))
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .where(inArray(targets.channelId, channelIds))
    .orderBy(asc(channels.name), asc(targets.direction))
    .limit(3 * channelIds.length)
}

export type TargetFacts = Awaited<ReturnType<typeof listTargetFacts>>[number]

/** How a recovery divides between targets, with what stands in the way of each. */
export async function listRecoveryTargets(db: Db, recoveryId: string) {
  return db
    .select({ ...targetColumns, direction: recoveryTargets.direction, total: recoveryTargets.total })
    .from(recoveryTargets)
    .innerJoin(channels, eq(channels.id, recoveryTargets.channelId))
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .innerJoin(
      targets,
      and(eq(targets.channelId, recoveryTargets.channelId), eq(targets.direction, recoveryTargets.direction)),
    )
    .where(eq(recoveryTargets.recoveryId, recoveryId))
    .orderBy(desc(recoveryTargets.total))
    .limit(MOST_LISTED)
}

export type RecoveryTarget = Awaited<ReturnType<typeof listRecoveryTargets>>[number]

const itemColumns = {
  deliveryId: recoveryItems.deliveryId,
  direction: recoveryItems.direction,
  state: recoveryItems.state,
  note: recoveryItems.note,
  channelName: channels.name,
  contactName: conversations.contactName,
  contactHandle: conversations.contactHandle,
}

type Page = { recoveryId: string; after: string | null; limit: number; states?: RecoveryItemState[] }

/** Items of a recovery, oldest message first, a page at a time. */
export async function listRecoveryItems(db: Db, { recoveryId, after, limit, states }: Page) {
  return db
    .select(itemColumns)
    .from(recoveryItems)
    .innerJoin(channels, eq(channels.id, recoveryItems.channelId))
    .leftJoin(conversations, eq(conversations.id, recoveryItems.conversationId))
    .where(
      and(
        eq(recoveryItems.recoveryId, recoveryId),
        after ? gt(recoveryItems.deliveryId, after) : undefined,
        states ? inArray(recoveryItems.state, states) : undefined,
      ),
    )
    .orderBy(asc(recoveryItems.deliveryId))
    .limit(limit)
}

export type RecoveryItem = Awaited<ReturnType<typeof listRecoveryItems>>[number]
