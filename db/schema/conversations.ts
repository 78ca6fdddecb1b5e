import { sql } from 'drizzle-orm'
import { boolean, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from '#db/columns'
import { channels } from '#db/schema/channels'

/**
 * call and channel are lanes for reports: of one phone call, and of a channel as a whole. alert: a lane for what one
 * destination is told about a channel. No list shows them.
 */
export const CONVERSATION_KINDS = ['conversation', 'call', 'channel', 'alert'] as const
export type ConversationKind = (typeof CONVERSATION_KINDS)[number]

/** Our pairing of a provider's conversation with Front's. */
export const conversations = pgTable(
  'conversations',
  {
    id: id(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    kind: text({ enum: CONVERSATION_KINDS }).notNull().default('conversation'),
    /** What the threading rule decided on; unique within the channel. */
    key: text().notNull(),
    /** What Front threads by: `thread_ref`, where null means by sender, or an application channel's `external_conversation_id`. */
    reference: text(),
    contactHandle: text().notNull(),
    contactName: text(),
    /** The newest of Front's ids for it; all of them are in `front_conversations`. */
    frontConversationId: text(),
    /** What the provider calls it, when its answer said so. */
    providerKey: text(),
    isTest: boolean().notNull().default(false),
    createdAt: createdAt(),
    lastMessageAt: moment().notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('conversations_key').on(table.channelId, table.key),
    index('conversations_reference').on(table.channelId, table.reference).where(sql`${table.reference} is not null`),
    index('conversations_contact').on(table.channelId, table.contactHandle, table.lastMessageAt.desc()),
  ],
)

/** Front's conversations that belong to one of ours: several, because Front merges conversations. */
export const frontConversations = pgTable(
  'front_conversations',
  {
    channelId: uuid().notNull(),
    frontConversationId: text().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    /** The newest reply that Front posted in it, wherever that was placed: the next one must not overtake it. */
    lastReplyId: uuid(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.channelId, table.frontConversationId] }),
    index('front_conversations_conversation').on(table.conversationId),
  ],
)

/** Every `external_conversation_id` by which Front has named one of our conversations: several, because Front merges. */
export const conversationAliases = pgTable(
  'conversation_aliases',
  {
    channelId: uuid().notNull(),
    reference: text().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.channelId, table.reference] }),
    index('conversation_aliases_conversation').on(table.conversationId),
  ],
)
