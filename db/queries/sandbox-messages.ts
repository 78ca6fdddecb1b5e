import { and, asc, desc, eq, lt, lte, or } from 'drizzle-orm'
import type { Db } from '#db/client'
import { type SEND_STATES, sandboxFiles, sandboxMessages } from '#db/schema/sandbox'

export type NewSandboxMessage = typeof sandboxMessages.$inferInsert
export type NewSandboxFile = typeof sandboxFiles.$inferInsert

export async function insertSandboxMessage(db: Db, message: NewSandboxMessage, files: NewSandboxFile[]) {
  const [row] = await db.insert(sandboxMessages).values(message).returning()
  await insertSandboxFiles(db, files)
  if (!row) throw new Error('The sandbox message was not stored')
  return row
}

/** Undefined while the message is not visible yet. */
export async function findSandboxMessage(db: Db, by: { id: string } | { uid: string }, now: Date) {
  const fits = 'id' in by ? eq(sandboxMessages.id, by.id) : eq(sandboxMessages.uid, by.uid)
  const [row] = await db
    .select()
    .from(sandboxMessages)
    .where(and(fits, lte(sandboxMessages.visibleAt, now)))
    .limit(1)
  return row
}

/** By the app's own id of it, visible or not. */
export async function findSandboxMessageByExternalId(
  db: Db,
  { channelId, externalId }: { channelId: string; externalId: string },
) {
  const fits = and(eq(sandboxMessages.channelId, channelId), eq(sandboxMessages.externalId, externalId))
  const [row] = await db.select().from(sandboxMessages).where(fits).limit(1)
  return row
}

type Page = { conversationId: string; now: Date; limit: number; before?: { visibleAt: Date; id: string } }

/** Visible messages of a conversation, newest first. */
export async function listSandboxMessages(db: Db, { conversationId, now, limit, before }: Page) {
  const older = before
    ? or(
        lt(sandboxMessages.visibleAt, before.visibleAt),
        and(eq(sandboxMessages.visibleAt, before.visibleAt), lt(sandboxMessages.id, before.id)),
      )
    : undefined
  return db
    .select()
    .from(sandboxMessages)
    .where(and(eq(sandboxMessages.conversationId, conversationId), lte(sandboxMessages.visibleAt, now), older))
    .orderBy(desc(sandboxMessages.visibleAt), desc(sandboxMessages.id))
    .limit(limit)
}

type SendResult = {
  sendState: (typeof SEND_STATES)[number]
  sendError: string | null
  /** What an app calls the message. */
  externalId?: string
}

export async function setSandboxSendState(db: Db, id: string, result: SendResult): Promise<void> {
  await db.update(sandboxMessages).set(result).where(eq(sandboxMessages.id, id))
}

export async function findSandboxFile(db: Db, id: string) {
  const [row] = await db.select().from(sandboxFiles).where(eq(sandboxFiles.id, id)).limit(1)
  return row
}

export async function insertSandboxFiles(db: Db, files: NewSandboxFile[]): Promise<void> {
  if (files.length > 0) await db.insert(sandboxFiles).values(files)
}

/** The files of a message with their bytes. */
export async function listSandboxFiles(db: Db, messageId: string) {
  return db
    .select()
    .from(sandboxFiles)
    .where(eq(sandboxFiles.messageId, messageId))
    .orderBy(asc(sandboxFiles.id))
    .limit(20)
}
