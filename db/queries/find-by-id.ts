import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { channels } from '#db/schema/channels'
import { conversations, frontConversations } from '#db/schema/conversations'
import { messageKeys } from '#db/schema/message-keys'

const MOST = 50

export type FoundById = { messageIds: string[]; conversationIds: string[] }

/**
 * What goes by an id, over all time: ours, the provider's, Front's message id or uid (`message_keys`), the key of a
 * conversation on either side. Index lookups only.
 */
export async function findById(
  db: Db,
  { uuid, id, frontConversation }: { uuid: string | null; id: string | null; frontConversation: string | null },
): Promise<FoundById> {
  const text = id ?? frontConversation
  const messages = text
    ? await db.select({ id: messageKeys.messageId }).from(messageKeys).where(eq(messageKeys.value, text)).limit(MOST)
    : []
  const found = text ? [...(await byFrontId(db, text)), ...(await byKey(db, text))] : []
  return {
    messageIds: [...messages.map((row) => row.id), ...(uuid ? [uuid] : [])],
    conversationIds: [...found, ...(uuid ? [uuid] : [])],
  }
}

// By way of the channels, so that both tables are read by their primary keys.
async function byFrontId(db: Db, value: string): Promise<string[]> {
  const rows = await db
    .select({ id: frontConversations.conversationId })
    .from(channels)
    .innerJoin(
      frontConversations,
      and(eq(frontConversations.channelId, channels.id), eq(frontConversations.frontConversationId, value)),
    )
    .orderBy(sql`1`)
    .limit(MOST)
  return rows.map((row) => row.id)
}

async function byKey(db: Db, value: string): Promise<string[]> {
  const rows = await db
    .select({ id: conversations.id })
    .from(channels)
    .innerJoin(conversations, and(eq(conversations.channelId, channels.id), eq(conversations.key, value)))
    .orderBy(sql`1`)
    .limit(MOST)
  return rows.map((row) => row.id)
}
