import { bigint, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from '#db/columns'
import { channels } from '#db/schema/channels'
import { DIRECTIONS } from '#db/schema/targets'
import type { CALL_STATUSES } from '#lib/front/calls'

export type CallStatus = (typeof CALL_STATUSES)[number]

/** A phone call that a phone system told us of; what happened in it are its reports (`call_*`). */
export const calls = pgTable(
  'calls',
  {
    id: id(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    /** The lane of its reports. */
    conversationId: uuid().notNull(),
    /** The phone system's id of it. */
    externalId: text().notNull(),
    parentExternalId: text(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    partyHandle: text().notNull(),
    partyName: text(),
    agentEmail: text(),
    status: text().$type<CallStatus>().notNull(),
    /** Milliseconds since 1970, as Front takes them. */
    startedAtMs: bigint({ mode: 'number' }),
    createdAt: createdAt(),
    lastEventAt: moment().notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('calls_external_id').on(table.channelId, table.externalId),
    index('calls_channel').on(table.channelId, table.id),
  ],
)
