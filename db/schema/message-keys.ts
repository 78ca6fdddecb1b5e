import { sql } from 'drizzle-orm'
import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt } from '#db/columns'

/** Whose id it is: the provider's for its own message, the provider's answer, Front's message id, Front's uid, or what stands for an auto-reply that has no id. */
export const MESSAGE_KEY_KINDS = ['provider', 'provider_answer', 'front', 'uid', 'front_autoreply'] as const
export type MessageKeyKind = (typeof MESSAGE_KEY_KINDS)[number]

/** Ids that must be unique over all time, apart from the log so that old log can go: dedupe and search by any id. */
export const messageKeys = pgTable(
  'message_keys',
  {
    channelId: uuid().notNull(),
    kind: text({ enum: MESSAGE_KEY_KINDS }).notNull(),
    value: text().notNull(),
    messageId: uuid().notNull(),
    /** SHA-256 of what came with it: the same id with another body is a conflict. */
    bodyHash: text(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.channelId, table.kind, table.value] }),
    index('message_keys_value').on(table.value),
    index('message_keys_autoreply').on(table.createdAt).where(sql`${table.kind} = 'front_autoreply'`),
  ],
)
