import { sql } from 'drizzle-orm'
import { boolean, customType, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, json, moment } from '#db/columns'
import { CONTACT_TYPES } from '#db/schema/channels'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

export const REPLY_MODES = ['this_channel', 'cannot_reply'] as const
/** failed: not taken. bounced: taken, and reported as failed later (A5). */
export const SEND_STATES = ['sending', 'sent', 'failed', 'bounced'] as const
/** autoreply: a rule's answer. synced: sent outside Front, shown by the channel (A3). */
export const SANDBOX_MESSAGE_KINDS = ['message', 'autoreply', 'synced'] as const

/** The stand-in for Front keeps its own records, as Front would: nothing here is read by the rest of Patchbay. */
export const sandboxChannels = pgTable(
  'sandbox_channels',
  {
    id: text().primaryKey(),
    inboxId: text().notNull(),
    name: text().notNull(),
    type: text().notNull(),
    address: text().notNull(),
    webhookUrl: text(),
    contactType: text({ enum: CONTACT_TYPES }).notNull().default('custom'),
    replyMode: text({ enum: REPLY_MODES }).notNull().default('this_channel'),
    settings: json<{ undo_send_time?: number; all_teammates_can_reply?: boolean }>().notNull(),
    /** Application channels: the app, the credential that Front shows it, and `webhookUrl` is what its server answered. */
    appUid: text(),
    credentialId: text(),
    status: text({ enum: ['ok', 'offline'] })
      .notNull()
      .default('ok'),
    /** Why it is offline, or could not be connected. */
    statusReason: text(),
    /** How many rules answer each message of a customer by themselves. */
    autoReplies: integer().notNull().default(0),
    createdAt: createdAt(),
    deletedAt: moment(),
  },
  (table) => [
    index('sandbox_channels_inbox').on(table.inboxId, table.createdAt),
    uniqueIndex('sandbox_channels_address')
      .on(sql`coalesce(${table.appUid}, '')`, table.address)
      .where(sql`${table.deletedAt} is null`),
  ],
)

export const sandboxConversations = pgTable(
  'sandbox_conversations',
  {
    id: text().primaryKey(),
    channelId: text().notNull(),
    threadRef: text(),
    handle: text().notNull(),
    name: text(),
    subject: text(),
    status: text({ enum: ['unassigned', 'archived'] })
      .notNull()
      .default('unassigned'),
    /** The conversation that took this one's messages over. */
    mergedInto: text(),
    createdAt: createdAt(),
    lastMessageAt: createdAt(),
  },
  (table) => [
    index('sandbox_conversations_thread').on(table.channelId, table.threadRef, table.handle),
    index('sandbox_conversations_newest').on(table.lastMessageAt.desc(), table.id),
  ],
)

/** A Message resource without its links, which depend on where the sandbox is reached. */
export type SandboxMessageContent = {
  subject: string | null
  body: string
  text: string
  author: string | null
  sender: { handle: string; name: string | null }
  recipient: { handle: string; name: string | null }
  /** Recipients after the first. */
  others?: { handle: string; name: string | null }[]
  attachments: { id: string; filename: string; content_type: string; size: number }[]
  metadata: { thread_ref?: string; headers?: Record<string, unknown> }
  repliedTo: string | null
}

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
    content: json<SandboxMessageContent>().notNull(),
    /** Outbound only: what came of the post to the outgoing URL. */
    sendState: text({ enum: SEND_STATES }),
    sendError: text(),
    kind: text({ enum: SANDBOX_MESSAGE_KINDS }).notNull().default('message'),
    /** Application channels: the app's own id of it. */
    externalId: text(),
    createdAt: createdAt(),
  },
  (table) => [
    index('sandbox_messages_conversation').on(table.conversationId, table.visibleAt),
    uniqueIndex('sandbox_messages_external_id').on(table.channelId, table.externalId),
  ],
)

export const sandboxComments = pgTable(
  'sandbox_comments',
  {
    id: text().primaryKey(),
    conversationId: text().notNull(),
    /** A teammate's id; null when the API token's holder wrote it. */
    author: text(),
    body: text().notNull(),
    isPinned: boolean().notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [index('sandbox_comments_conversation').on(table.conversationId, table.createdAt)],
)

export const sandboxFiles = pgTable(
  'sandbox_files',
  {
    id: text().primaryKey(),
    /** A message of the sandbox's Front, or a line of its chat. */
    messageId: text().notNull(),
    filename: text().notNull(),
    contentType: text().notNull(),
    size: integer().notNull(),
    bytes: bytea().notNull(),
  },
  (table) => [index('sandbox_files_message').on(table.messageId)],
)

/** One row: how the sandbox behaves when nothing is broken on purpose. */
export const sandboxSettings = pgTable('sandbox_settings', {
  id: boolean().primaryKey().default(true),
  /** How long an accepted message stays invisible, as Front's do. */
  visibleDelayMs: integer().notNull().default(1500),
  /** The make-believe company plan; 0 means no limit. */
  requestsPerMinute: integer().notNull().default(200),
  updatedAt: createdAt(),
})

/** The switches that make the sandbox fail, one row each while it is on. */
export const sandboxFaults = pgTable(
  'sandbox_faults',
  {
    side: text({ enum: ['front', 'provider'] }).notNull(),
    kind: text().notNull(),
    /** How many more calls it hits; null when it goes by `percent`. */
    remaining: integer(),
    percent: integer(),
    /** Front's side only: every call of its API, or just the intake of messages. */
    everyCall: boolean().notNull().default(false),
    /** What the kind needs, such as milliseconds or a status; checked where it is read. */
    options: json<Record<string, unknown>>().notNull(),
    updatedAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.side, table.kind] })],
)

/** What the sandbox saw: every call to its API, what the real Front would have ignored silently, and every call of its own to an app. */
export const sandboxCalls = pgTable(
  'sandbox_calls',
  {
    id: text().primaryKey(),
    direction: text({ enum: ['to_front', 'to_app'] })
      .notNull()
      .default('to_front'),
    method: text().notNull(),
    /** Below the API's base, or the whole address of an app's server. */
    path: text().notNull(),
    /** What Front told the app, such as `message`. */
    event: text(),
    status: integer().notNull(),
    /** The switch that spoiled this call, if one did. */
    fault: text(),
    /** Front's own words when it refused. */
    error: text(),
    warnings: json<string[]>().notNull(),
    tookMs: integer().notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [index('sandbox_calls_time').on(table.createdAt.desc())],
)
