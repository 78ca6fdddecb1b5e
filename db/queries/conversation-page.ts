import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { conversationAliases, conversations, frontConversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import { messages } from '#db/schema/messages'
import { DIRECTIONS, type Direction, targets } from '#db/schema/targets'

const BODY_CHARS = 2000
const MAX_FRONT_CONVERSATIONS = 50

/** A conversation with its channel. Null when there is none; phone calls and the like have pages of their own. */
export async function getConversation(db: Db, id: string) {
  const [row] = await db
    .select({
      id: conversations.id,
      channelId: conversations.channelId,
      key: conversations.key,
      reference: conversations.reference,
      contactHandle: conversations.contactHandle,
      contactName: conversations.contactName,
      frontConversationId: conversations.frontConversationId,
      providerKey: conversations.providerKey,
      isTest: conversations.isTest,
      createdAt: conversations.createdAt,
      lastMessageAt: conversations.lastMessageAt,
      channelName: channels.name,
      channelKind: channels.kind,
      failedHead: channels.failedHead,
      isSandbox: companies.isSandbox,
    })
    .from(conversations)
    .innerJoin(channels, eq(channels.id, conversations.channelId))
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .where(and(eq(conversations.id, id), eq(conversations.kind, 'conversation')))
    .limit(1)
  return row ?? null
}

export type ConversationDetails = NonNullable<Awaited<ReturnType<typeof getConversation>>>

/** One page of both directions, oldest first, ending before `before` (keyset) or with the newest. */
export async function listConversationMessages(
  db: Db,
  { conversationId, before, limit }: { conversationId: string; before?: string; limit: number },
) {
  const ids = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.conversationId, conversationId), before ? lt(messages.id, before) : undefined))
    .orderBy(desc(messages.id))
    .limit(limit + 1)
  const shown = ids.slice(0, limit).map((row) => row.id)
  const rows = shown.length === 0 ? [] : await conversationRows(db, shown)
  return { rows, hasEarlier: ids.length > limit }
}

async function conversationRows(db: Db, ids: string[]) {
  return db
    .select({
      id: messages.id,
      direction: messages.direction,
      kind: messages.kind,
      isTest: messages.isTest,
      contactHandle: messages.contactHandle,
      contactName: messages.contactName,
      author: messages.author,
      subject: messages.subject,
      text: sql<string>`left(${messages.bodyText}, ${BODY_CHARS})`,
      textChars: sql<number>`length(${messages.bodyText})`,
      attachments: messages.attachments,
      frontState: messages.frontState,
      sentAt: messages.sentAt,
      createdAt: messages.createdAt,
      status: deliveries.status,
      nextAttemptAt: deliveries.nextAttemptAt,
      lastErrorClass: deliveries.lastErrorClass,
      discardReason: deliveries.discardReason,
      discardedBy: deliveries.discardedBy,
      reportedAt: deliveries.reportedAt,
      heldSince: targets.heldSince,
    })
    .from(messages)
    .innerJoin(deliveries, eq(deliveries.id, messages.id))
    .leftJoin(targets, and(eq(targets.channelId, messages.channelId), eq(targets.direction, messages.direction)))
    .where(and(inArray(messages.id, ids), inArray(deliveries.id, ids)))
    .orderBy(asc(messages.id))
    .limit(ids.length)
}

export type ConversationRow = Awaited<ReturnType<typeof conversationRows>>[number]

/** The lanes of messages of a conversation that are not empty: how much waits, since when it may go, and which delivery is next. */
export async function listWaitingLanes(db: Db, conversationId: string) {
  return db
    .select({
      direction: sql<Direction>`${lanes.direction}`,
      waiting: sql<number>`(${lanes.lastSeq} - ${lanes.headSeq} + 1)::int`,
      dueAt: lanes.dueAt,
      leased: sql<boolean>`${lanes.lease} is not null`,
      headDeliveryId: laneQueue.deliveryId,
      headStatus: deliveries.status,
      heldSince: targets.heldSince,
      heldReason: targets.heldReason,
    })
    .from(lanes)
    .innerJoin(laneQueue, and(eq(laneQueue.laneId, lanes.id), eq(laneQueue.seq, lanes.headSeq)))
    .innerJoin(deliveries, eq(deliveries.id, laneQueue.deliveryId))
    .leftJoin(targets, and(eq(targets.channelId, lanes.channelId), eq(targets.direction, lanes.direction)))
    .where(and(eq(lanes.conversationId, conversationId), inArray(lanes.direction, DIRECTIONS)))
    .orderBy(asc(lanes.direction))
    .limit(2)
}

export type WaitingLane = Awaited<ReturnType<typeof listWaitingLanes>>[number]

/** Front's conversations that belong to one of ours, newest first. */
export async function listFrontConversations(db: Db, conversationId: string) {
  return db
    .select({ id: frontConversations.frontConversationId, createdAt: frontConversations.createdAt })
    .from(frontConversations)
    .where(eq(frontConversations.conversationId, conversationId))
    .orderBy(desc(frontConversations.createdAt), asc(frontConversations.frontConversationId))
    .limit(MAX_FRONT_CONVERSATIONS)
}

/** Every other `external_conversation_id` by which Front has named one of our conversations, newest first. */
export async function listConversationAliases(db: Db, conversationId: string) {
  return db
    .select({ reference: conversationAliases.reference, createdAt: conversationAliases.createdAt })
    .from(conversationAliases)
    .where(eq(conversationAliases.conversationId, conversationId))
    .orderBy(desc(conversationAliases.createdAt), asc(conversationAliases.reference))
    .limit(MAX_FRONT_CONVERSATIONS)
}
