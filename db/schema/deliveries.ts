import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from '#db/columns'
import { DIRECTIONS } from '#db/schema/targets'

/**
 * pending: not tried yet. retrying: tried, will be again. delivered, failed, discarded: ended.
 * Held is not stored: it is pending or retrying while its target is held.
 */
export const DELIVERY_STATUSES = ['pending', 'retrying', 'delivered', 'failed', 'discarded'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** The duty to get one message to the other side; has the message's id. Partitioned by id. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: id(),
    channelId: uuid().notNull(),
    conversationId: uuid().notNull(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    status: text({ enum: DELIVERY_STATUSES }).notNull().default('pending'),
    attempts: integer().notNull().default(0),
    nextAttemptAt: moment(),
    lastStatus: integer(),
    lastErrorClass: text(),
    lastError: text(),
    /** An earlier attempt's answer was lost: it may have arrived. */
    answerLost: boolean().notNull().default(false),
    /** Who asked for the next attempt; moves to the attempt's row. */
    requestedBy: text(),
    discardedBy: text(),
    discardReason: text(),
    createdAt: createdAt(),
    endedAt: moment(),
  },
  (table) => [
    index('deliveries_channel').on(table.channelId, table.id),
    index('deliveries_open').on(table.status, table.id).where(sql`${table.status} <> 'delivered'`),
  ],
)
