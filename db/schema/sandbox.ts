import { boolean, customType, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, json, moment } from '#db/columns'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** The stand-in for Front keeps its own records, as Front would: nothing here is read by the rest of Patchbay. */
export const sandboxChannels = pgTable('sandbox_channels', {
  id: text().primaryKey(),
  inboxId: text().notNull(),
  name: text().notNull(),
  type: text().notNull(),
  webhookUrl: text(),
  settings: json<Record<string, unknown>>().notNull(),
  createdAt: createdAt(),
})

export const sandboxConversations = pgTable(
  'sandbox_conversations',
  {
    id: text().primaryKey(),
    channelId: text().notNull(),
    threadRef: text(),
    handle: text().notNull(),
    name: text(),
    subject: text(),
    status: text().notNull().default('unassigned'),
    createdAt: createdAt(),
    lastMessageAt: createdAt(),
  },
  (table) => [index('sandbox_conversations_thread').on(table.channelId, table.threadRef, table.handle)],
)

export const sandboxMessages = pgTable(
  'sandbox_messages',
  {
    id: text().primaryKey(),
    uid: text().notNull().unique(),
    conversationId: text().notNull(),
    channelId: text().notNull(),
    isInbound: boolean().notNull(),
    /** Front creates messages a little after it accepted them: not visible before this moment. */
    visibleAt: moment().notNull(),
    /** The Message resource as the API and the outgoing post show it. */
    resource: json<Record<string, unknown>>().notNull(),
    /** Outbound only: what came of the post to the outgoing URL. */
    sendState: text(),
    sendError: text(),
    createdAt: createdAt(),
  },
  (table) => [index('sandbox_messages_conversation').on(table.conversationId, table.visibleAt)],
)

export const sandboxFiles = pgTable('sandbox_files', {
  id: text().primaryKey(),
  messageId: text().notNull(),
  filename: text().notNull(),
  contentType: text().notNull(),
  size: integer().notNull(),
  bytes: bytea().notNull(),
})

/** One row: the switches that make the sandbox fail, and its make-believe rate limit. */
export const sandboxSettings = pgTable('sandbox_settings', {
  id: boolean().primaryKey().default(true),
  faults: json<Record<string, unknown>>().notNull(),
  updatedAt: createdAt(),
})

/** What the visitor's chat page, as the provider, sent and received. */
export const sandboxChat = pgTable(
  'sandbox_chat',
  {
    id: text().primaryKey(),
    channelKey: text().notNull(),
    visitor: text().notNull(),
    fromVisitor: boolean().notNull(),
    author: text(),
    body: text().notNull(),
    attachments: json<{ filename: string; url: string }[]>().notNull(),
    /** Patchbay's message id: a repeated delivery is recognised by it. */
    webhookId: text().unique(),
    error: text(),
    createdAt: createdAt(),
  },
  (table) => [index('sandbox_chat_visitor').on(table.channelKey, table.visitor, table.createdAt)],
)

/** What the sandbox saw: every call to its API with its answer, and what the real Front would have ignored silently. */
export const sandboxCalls = pgTable(
  'sandbox_calls',
  {
    id: text().primaryKey(),
    method: text().notNull(),
    path: text().notNull(),
    status: integer().notNull(),
    warnings: json<string[]>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('sandbox_calls_time').on(table.createdAt.desc())],
)
