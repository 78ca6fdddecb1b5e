import { eq } from 'drizzle-orm'
import type { Db } from '#db/client'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { files } from '#db/schema/files'
import { messages } from '#db/schema/messages'

export type NewFile = typeof files.$inferInsert

/** Stores the bytes of a message's files, in the message's transaction. */
export async function insertFiles(db: Db, rows: NewFile[]): Promise<void> {
  if (rows.length > 0) await db.insert(files).values(rows)
}

export async function getFile(db: Db, id: string) {
  const [row] = await db.select().from(files).where(eq(files.id, id)).limit(1)
  return row ?? null
}

/** The files of a message in their order, with their bytes. */
export async function listFilesOfMessage(db: Db, messageId: string) {
  return db.select().from(files).where(eq(files.messageId, messageId)).orderBy(files.id).limit(50)
}

/** The attachments of a message and what opens Front for those that Front holds. */
export async function getAttachmentSource(db: Db, messageId: string) {
  const [row] = await db
    .select({
      attachments: messages.attachments,
      frontMessageId: messages.frontMessageId,
      frontBaseUrl: companies.frontBaseUrl,
      apiTokenSealed: companies.apiTokenSealed,
    })
    .from(messages)
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .where(eq(messages.id, messageId))
    .limit(1)
  return row ?? null
}
