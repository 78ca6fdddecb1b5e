import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { newId } from '#db/ids'
import { type ConversationKind, conversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { type ReportKind, reports } from '#db/schema/reports'

export type Report = typeof reports.$inferSelect

type NewReport = {
  /** Made unless given: files that it names are stored under it first. */
  id?: string
  channelId: string
  /** Whose lane it waits in. */
  conversationId: string
  kind: ReportKind
  subjectId: string
  payload: unknown
  createdBy: string | null
}

/** Stores what Front is to be told and puts it in its lane, in the caller's transaction. Wake the workers after the commit. */
export async function enqueueReport(tx: Transaction, report: NewReport): Promise<string> {
  const { channelId, conversationId, kind, subjectId, payload, createdBy } = report
  const id = report.id ?? newId()
  await tx.execute(sql`select enqueue_report(${id}::uuid, ${channelId}::uuid, ${conversationId}::uuid, ${kind},
    ${subjectId}::uuid, ${JSON.stringify(payload)}::text::jsonb, ${createdBy})`)
  return id
}

type Lane = { channelId: string; kind: Exclude<ConversationKind, 'conversation'>; key: string }

/** How such a row is called. No provider can name a conversation so: what it sends is trimmed. */
export function laneKey(kind: Lane['kind'], key: string): string {
  return `\t${kind} ${key}`
}

/** The conversation row that carries the reports of a call, or of a channel as a whole; made at need. */
export async function reportLane(tx: Transaction, { channelId, kind, key }: Lane): Promise<string> {
  const name = laneKey(kind, key)
  const place = and(eq(conversations.channelId, channelId), eq(conversations.key, name))
  const find = () => tx.select({ id: conversations.id }).from(conversations).where(place).limit(1)
  const [known] = await find()
  if (known) return known.id
  await tx
    .insert(conversations)
    .values({ id: newId(), channelId, kind, key: name, contactHandle: '' })
    .onConflictDoNothing()
  const [made] = await find()
  if (!made) throw new Error('The lane for reports was not made.')
  return made.id
}

/** What is shown of a report, with how its delivery went. */
export const reportColumns = {
  id: reports.id,
  kind: reports.kind,
  subjectId: reports.subjectId,
  payload: reports.payload,
  result: reports.result,
  createdBy: reports.createdBy,
  createdAt: reports.createdAt,
  status: deliveries.status,
  attempts: deliveries.attempts,
  nextAttemptAt: deliveries.nextAttemptAt,
  lastErrorClass: deliveries.lastErrorClass,
  lastError: deliveries.lastError,
  endedAt: deliveries.endedAt,
}

/** What Front was told about a message, a template, a call or a channel, newest first, with how it went. */
export async function listReports(db: Db, { subjectId, limit = 50 }: { subjectId: string; limit?: number }) {
  return db
    .select(reportColumns)
    .from(reports)
    .innerJoin(deliveries, eq(deliveries.id, reports.id))
    .where(eq(reports.subjectId, subjectId))
    .orderBy(desc(reports.id))
    .limit(limit)
}

export type ListedReport = Awaited<ReturnType<typeof listReports>>[number]

/** What Front could not be told about a channel and all that is in it, newest first. */
export async function listFailedReports(
  db: Db,
  { channelId, limit = 50 }: { channelId: string; limit?: number },
): Promise<ListedReport[]> {
  const failed = and(
    eq(deliveries.channelId, channelId),
    eq(deliveries.status, 'failed'),
    eq(deliveries.direction, 'report'),
  )
  return db
    .select(reportColumns)
    .from(deliveries)
    .innerJoin(reports, eq(reports.id, deliveries.id))
    .where(failed)
    .orderBy(desc(deliveries.id))
    .limit(limit)
}

/** Whether a report says that a message failed which has been delivered since. */
export async function isOutdatedFailure(db: Db, reportId: string): Promise<boolean> {
  const [row] = await db
    .select({ id: reports.id })
    .from(reports)
    .innerJoin(deliveries, eq(deliveries.id, reports.subjectId))
    .where(and(eq(reports.id, reportId), eq(reports.kind, 'failed'), eq(deliveries.status, 'delivered')))
    .limit(1)
  return row !== undefined
}
