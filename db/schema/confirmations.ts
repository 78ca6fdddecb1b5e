import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from '#db/columns'

/** An inbound message that Front accepted and that has not been seen there yet. The row goes when it is, or is given up. */
export const confirmations = pgTable(
  'confirmations',
  {
    messageId: uuid().primaryKey(),
    channelId: uuid().notNull(),
    messageUid: text().notNull(),
    tries: integer().notNull().default(0),
    acceptedAt: moment().notNull(),
    dueAt: moment().notNull(),
    lastError: text(),
  },
  (table) => [index('confirmations_due').on(table.dueAt)],
)
