import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { channels } from '#db/schema/channels'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'
import { targets } from '#db/schema/targets'

const PREVIEW_CHARS = 160

/** Rows of a list for the ids of one page, newest first. */
export async function listMessageRows(db: Db, ids: string[]) {
  if (ids.length === 0) return []
  return db
    .select({
      id: messages.id,
      channelId: messages.channelId,
      channelName: channels.name,
      conversationId: messages.conversationId,
      direction: messages.direction,
      kind: messages.kind,
      isTest: messages.isTest,
      contactHandle: messages.contactHandle,
      contactName: messages.contactName,
      author: messages.author,
      subject: messages.subject,
      preview: sql<string>`left(${messages.bodyText}, ${PREVIEW_CHARS})`,
      attachments: sql<number>`jsonb_array_length(${messages.attachments})`,
      frontState: messages.frontState,
      createdAt: messages.createdAt,
      status: deliveries.status,
      attempts: deliveries.attempts,
      nextAttemptAt: deliveries.nextAttemptAt,
      lastErrorClass: deliveries.lastErrorClass,
      heldSince: targets.heldSince,
    })
    .from(messages)
    .innerJoin(deliveries, eq(deliveries.id, messages.id))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .leftJoin(targets, and(eq(targets.channelId, messages.channelId), eq(targets.direction, messages.direction)))
    .where(and(inArray(messages.id, ids), inArray(deliveries.id, ids)))
    .orderBy(desc(messages.id))
    .limit(ids.length)
}

export type MessageRow = Awaited<ReturnType<typeof listMessageRows>>[number]

/** Whether any message was ever stored: tells "nothing yet" from "nothing matches". */
export async function hasMessages(db: Db): Promise<boolean> {
  const [row] = await db.select({ id: messages.id }).from(messages).limit(1)
  return row !== undefined
}
