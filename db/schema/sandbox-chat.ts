import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, json, sealed } from '#db/columns'

/** The provider behind the visitor's chat page: what it needs to speak to its Patchbay channel. */
export const sandboxProviders = pgTable('sandbox_providers', {
  channelKey: text().primaryKey(),
  name: text().notNull(),
  bearerKeySealed: sealed().notNull(),
  signingSecretSealed: sealed().notNull(),
  createdAt: createdAt(),
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
