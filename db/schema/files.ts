import { customType, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id } from '#db/columns'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** The bytes of a provider's attachment, kept until Front has them and then as long as the log. Partitioned by id. */
export const files = pgTable(
  'files',
  {
    id: id(),
    messageId: uuid().notNull(),
    filename: text().notNull(),
    contentType: text().notNull(),
    size: integer().notNull(),
    bytes: bytea().notNull(),
  },
  (table) => [index('files_message').on(table.messageId)],
)
