import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, json } from '#db/columns'

/** Who changed what. Written in the transaction of the change. */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: id(),
    /** A person's e-mail, or `worker`. */
    actor: text().notNull(),
    /** A verb and its object, such as `channel.pause`. */
    action: text().notNull(),
    channelId: uuid(),
    subjectId: text(),
    details: json<Record<string, unknown>>(),
    createdAt: createdAt(),
  },
  (table) => [
    index('audit_events_channel').on(table.channelId, table.id),
    index('audit_events_subject').on(table.subjectId, table.id),
  ],
)
