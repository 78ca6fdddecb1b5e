import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, json } from '#db/columns'
import type { Direction } from '#db/schema/targets'

export type RequestDetail = { path: string; message: string }

/** A call to a public endpoint that did not become a new message: refused, repeated or in conflict. Partitioned by id. */
export const requests = pgTable(
  'requests',
  {
    id: id(),
    /** Null for a call to an app's own address; then `appId` says which. */
    channelId: uuid(),
    appId: uuid(),
    direction: text().$type<Direction>().notNull(),
    method: text().notNull(),
    path: text().notNull(),
    ip: text(),
    status: integer().notNull(),
    /** An error code, or `duplicate`. */
    code: text().notNull(),
    message: text().notNull(),
    details: json<RequestDetail[]>(),
    headers: json<Record<string, string>>().notNull(),
    bodyExcerpt: text(),
    bodyBytes: integer().notNull(),
    /** The message that a repeated call belongs to. */
    messageId: uuid(),
    durationMs: integer().notNull(),
  },
  (table) => [index('requests_channel').on(table.channelId, table.id), index('requests_app').on(table.appId, table.id)],
)
