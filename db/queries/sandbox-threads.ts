import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxComments, sandboxConversations, sandboxMessages } from '#db/schema/sandbox'
import { sandboxConversationIds } from '#db/schema/sandbox-apps'
import { sandboxPhoneCalls } from '#db/schema/sandbox-extras'

const MAX_IDS = 50

type ExternalId = { channelId: string; externalId: string }

/** Two calls about one thing of an app at once happen one after the other: held until the transaction ends. */
export async function lockSandboxExternalId(
  db: Db,
  { channelId, externalId, what }: ExternalId & { what: 'message' | 'conversation' | 'call' },
): Promise<void> {
  await db.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`sandbox ${what} ${channelId} ${externalId}`}, 0))`,
  )
}

/** The conversation that messages with this `external_conversation_id` belong to. */
export async function findConversationOfExternalId(db: Db, { channelId, externalId }: ExternalId) {
  const [row] = await db
    .select({ conversation: sandboxConversations })
    .from(sandboxConversationIds)
    .innerJoin(sandboxConversations, eq(sandboxConversations.id, sandboxConversationIds.conversationId))
    .where(and(eq(sandboxConversationIds.channelId, channelId), eq(sandboxConversationIds.externalId, externalId)))
    .limit(1)
  return row?.conversation
}

/** All ids of a conversation in its apps' words, oldest first. */
export async function listSandboxConversationIds(db: Db, conversationId: string): Promise<string[]> {
  const rows = await db
    .select({ externalId: sandboxConversationIds.externalId })
    .from(sandboxConversationIds)
    .where(eq(sandboxConversationIds.conversationId, conversationId))
    .orderBy(asc(sandboxConversationIds.createdAt), asc(sandboxConversationIds.externalId))
    .limit(MAX_IDS)
  return rows.map((row) => row.externalId)
}

export async function insertSandboxConversationId(
  db: Db,
  row: ExternalId & { conversationId: string; createdAt: Date },
): Promise<void> {
  await db.insert(sandboxConversationIds).values(row).onConflictDoNothing()
}

/** Moves everything of one conversation into another, which from then on has the external ids of both. */
export async function mergeSandboxConversations(
  db: Db,
  { fromId, intoId }: { fromId: string; intoId: string },
): Promise<void> {
  const moved = { conversationId: intoId }
  await db.update(sandboxMessages).set(moved).where(eq(sandboxMessages.conversationId, fromId))
  await db.update(sandboxComments).set(moved).where(eq(sandboxComments.conversationId, fromId))
  await db.update(sandboxPhoneCalls).set(moved).where(eq(sandboxPhoneCalls.conversationId, fromId))
  await db.update(sandboxConversationIds).set(moved).where(eq(sandboxConversationIds.conversationId, fromId))
  await db
    .update(sandboxConversations)
    .set({ mergedInto: intoId })
    .where(sql`${sandboxConversations.id} = ${fromId} or ${sandboxConversations.mergedInto} = ${fromId}`)
  await db
    .update(sandboxConversations)
    .set({
      lastMessageAt: sql`greatest(${sandboxConversations.lastMessageAt}, (select last_message_at from sandbox_conversations where id = ${fromId}))`,
    })
    .where(eq(sandboxConversations.id, intoId))
}
