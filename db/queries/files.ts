import { eq } from 'drizzle-orm'
import type { Db } from '#db/client'
import { files } from '#db/schema/files'

export type NewFile = typeof files.$inferInsert

/** Stores the bytes of a message's files, in the message's transaction. */
export async function insertFiles(db: Db, rows: NewFile[]): Promise<void> {
  if (rows.length > 0) await db.insert(files).values(rows)
}

export async function deleteFilesOfMessage(db: Db, messageId: string): Promise<void> {
  await db.delete(files).where(eq(files.messageId, messageId))
}

export async function getFile(db: Db, id: string) {
  const [row] = await db.select().from(files).where(eq(files.id, id)).limit(1)
  return row ?? null
}

/** The files of a message in their order, with their bytes. */
export async function listFilesOfMessage(db: Db, messageId: string) {
  return db.select().from(files).where(eq(files.messageId, messageId)).orderBy(files.id).limit(50)
}
