import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { calls } from '#db/schema/calls'
import { files } from '#db/schema/files'
import { type ReportKind, reports } from '#db/schema/reports'

export type PhoneCall = typeof calls.$inferSelect

type Named = { channelId: string; externalId: string }

/** Stores a new call. Null when its id is taken. */
export async function insertCall(tx: Transaction, row: typeof calls.$inferInsert): Promise<PhoneCall | null> {
  const [stored] = await tx.insert(calls).values(row).onConflictDoNothing().returning()
  return stored ?? null
}

export async function findCall(db: Db, { channelId, externalId }: Named): Promise<PhoneCall | null> {
  const named = and(eq(calls.channelId, channelId), eq(calls.externalId, externalId))
  const [row] = await db.select().from(calls).where(named).limit(1)
  return row ?? null
}

/** As `findCall`; until the caller's transaction ends nobody else adds to the call, so what happened keeps its order. */
export async function lockCall(tx: Transaction, { channelId, externalId }: Named): Promise<PhoneCall | null> {
  const named = and(eq(calls.channelId, channelId), eq(calls.externalId, externalId))
  const [row] = await tx.select().from(calls).where(named).limit(1).for('update')
  return row ?? null
}

type Change = Partial<Pick<PhoneCall, 'status' | 'agentEmail'>> & { lastEventAt: Date }

export async function updateCall(tx: Transaction, id: string, change: Change): Promise<PhoneCall> {
  const [row] = await tx.update(calls).set(change).where(eq(calls.id, id)).returning()
  if (!row) throw new Error('The call is gone.')
  return row
}

/** The payload of the newest report of a kind about something; null when there is none, or it is no longer kept. */
export async function findLastPayload(
  db: Db,
  { subjectId, kind }: { subjectId: string; kind: ReportKind },
): Promise<unknown> {
  const [row] = await db
    .select({ payload: reports.payload })
    .from(reports)
    .where(and(eq(reports.subjectId, subjectId), eq(reports.kind, kind)))
    .orderBy(desc(reports.id))
    .limit(1)
  return row?.payload ?? null
}

type Recording = { callId: string; recordingType: string; size: number; sha256: string }

/** Whether a call has this very recording already. */
export async function hasRecording(db: Db, { callId, recordingType, size, sha256 }: Recording): Promise<boolean> {
  const [found] = await db
    .select({ id: files.id })
    .from(reports)
    .innerJoin(files, eq(files.messageId, reports.id))
    .where(
      and(
        eq(reports.subjectId, callId),
        eq(reports.kind, 'call_recording'),
        sql`${reports.payload} ->> 'recordingType' = ${recordingType}`,
        eq(files.size, size),
        sql`sha256(${files.bytes}) = decode(${sha256}, 'hex')`,
      ),
    )
    .limit(1)
  return found !== undefined
}

/** A call of a channel by our own id. */
export async function getCall(db: Db, { channelId, id }: { channelId: string; id: string }): Promise<PhoneCall | null> {
  const [row] = await db
    .select()
    .from(calls)
    .where(and(eq(calls.channelId, channelId), eq(calls.id, id)))
    .limit(1)
  return row ?? null
}

type CallPage = { rows: PhoneCall[]; hasOlder: boolean; hasNewer: boolean }
type Place = { channelId: string; before?: string | undefined; after?: string | undefined }

/** One page of a channel's calls, newest first. Keyset by id. */
export async function listCalls(db: Db, { channelId, before, after }: Place, limit: number): Promise<CallPage> {
  const rows = await db
    .select()
    .from(calls)
    .where(
      and(
        eq(calls.channelId, channelId),
        before ? lt(calls.id, before) : undefined,
        after ? gt(calls.id, after) : undefined,
      ),
    )
    .orderBy(after ? asc(calls.id) : desc(calls.id))
    .limit(limit + 1)
  const more = rows.length > limit
  // The way up ends at the newest page, and that one is shown full.
  if (after && !more) return listCalls(db, { channelId }, limit)
  const shown = rows.slice(0, limit)
  if (after) return { rows: shown.reverse(), hasOlder: true, hasNewer: true }
  return { rows: shown, hasOlder: more, hasNewer: before !== undefined }
}

/** A recording of a call with its bytes; null when there is none, or it is no longer kept. */
export async function getRecording(
  db: Db,
  { channelId, callId, reportId }: { channelId: string; callId: string; reportId: string },
) {
  const [row] = await db
    .select({ filename: files.filename, contentType: files.contentType, size: files.size, bytes: files.bytes })
    .from(reports)
    .innerJoin(files, eq(files.messageId, reports.id))
    .where(
      and(
        eq(reports.id, reportId),
        eq(reports.channelId, channelId),
        eq(reports.subjectId, callId),
        eq(reports.kind, 'call_recording'),
        sql`${reports.payload} ->> 'fileId' = ${files.id}::text`,
      ),
    )
    .limit(1)
  return row ?? null
}
