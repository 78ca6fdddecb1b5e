import { and, asc, desc, eq, gt, inArray, isNotNull } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { deliveries } from '#db/schema/deliveries'
import { messageTemplates } from '#db/schema/message-templates'
import { reports } from '#db/schema/reports'

export type MessageTemplate = typeof messageTemplates.$inferSelect
type NewTemplate = typeof messageTemplates.$inferInsert

type Named = { channelId: string; externalId: string }

export async function findTemplate(db: Db, { channelId, externalId }: Named): Promise<MessageTemplate | null> {
  const named = and(eq(messageTemplates.channelId, channelId), eq(messageTemplates.externalId, externalId))
  const [row] = await db.select().from(messageTemplates).where(named).limit(1)
  return row ?? null
}

/** A template of a channel by our own id. */
export async function getTemplate(
  db: Db,
  { channelId, id }: { channelId: string; id: string },
): Promise<MessageTemplate | null> {
  const own = and(eq(messageTemplates.channelId, channelId), eq(messageTemplates.id, id))
  const [row] = await db.select().from(messageTemplates).where(own).limit(1)
  return row ?? null
}

/** Makes a template or replaces the one with the same external id, whose own id stays. */
export async function putTemplate(tx: Transaction, row: NewTemplate): Promise<MessageTemplate> {
  const { id: _id, channelId: _channelId, externalId: _externalId, ...change } = row
  const [stored] = await tx
    .insert(messageTemplates)
    .values(row)
    .onConflictDoUpdate({ target: [messageTemplates.channelId, messageTemplates.externalId], set: change })
    .returning()
  if (!stored) throw new Error('The database did not return the template.')
  return stored
}

/** A channel's templates by external id, from the one after `after` on. */
export async function listTemplates(
  db: Db,
  { channelId, after, limit }: { channelId: string; after: string; limit: number },
): Promise<MessageTemplate[]> {
  return db
    .select()
    .from(messageTemplates)
    .where(and(eq(messageTemplates.channelId, channelId), gt(messageTemplates.externalId, after)))
    .orderBy(asc(messageTemplates.externalId))
    .limit(limit)
}

export type LastReport = Awaited<ReturnType<typeof listLastReports>> extends Map<string, infer Last> ? Last : never

/** How telling Front of each of some subjects went the last time, by subject; those that Front was never told of are missing. */
export async function listLastReports(db: Db, subjectIds: string[]) {
  const rows = await db
    .selectDistinctOn([reports.subjectId], {
      subjectId: reports.subjectId,
      id: reports.id,
      kind: reports.kind,
      status: deliveries.status,
      lastError: deliveries.lastError,
      nextAttemptAt: deliveries.nextAttemptAt,
      createdAt: reports.createdAt,
      endedAt: deliveries.endedAt,
    })
    .from(reports)
    .innerJoin(deliveries, eq(deliveries.id, reports.id))
    .where(inArray(reports.subjectId, subjectIds))
    .orderBy(asc(reports.subjectId), desc(reports.id))
  return new Map(rows.map((row) => [row.subjectId, row]))
}

/** What Front last answered about each of some subjects, by subject. */
export async function listLastResults(db: Db, subjectIds: string[]): Promise<Map<string, unknown>> {
  const rows = await db
    .selectDistinctOn([reports.subjectId], { subjectId: reports.subjectId, result: reports.result })
    .from(reports)
    .where(and(inArray(reports.subjectId, subjectIds), isNotNull(reports.result)))
    .orderBy(asc(reports.subjectId), desc(reports.id))
  return new Map(rows.map((row) => [row.subjectId, row.result]))
}
