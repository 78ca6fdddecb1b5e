import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, json, moment } from '#db/columns'
import type { ProviderFormat } from '#db/schema/channels'
import { LANE_DIRECTIONS } from '#db/schema/targets'

/**
 * pending: not tried yet. retrying: tried, will be again. delivered, failed, discarded: ended.
 * Held is not stored: it is pending or retrying while its target is held.
 */
export const DELIVERY_STATUSES = ['pending', 'retrying', 'delivered', 'failed', 'discarded'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** What a delivery carries: a row of `messages` or of `reports`, with the same id. */
export const DELIVERY_KINDS = ['message', 'report'] as const
export type DeliveryKind = (typeof DELIVERY_KINDS)[number]

/** What an earlier attempt of a reply went by. An unknown format is today's. */
export type RetryAs = { url: string; format: ProviderFormat | null }

/** The duty to get one message, or report, to the other side; has its id. Partitioned by id. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: id(),
    kind: text({ enum: DELIVERY_KINDS }).notNull().default('message'),
    channelId: uuid().notNull(),
    conversationId: uuid().notNull(),
    direction: text({ enum: LANE_DIRECTIONS }).notNull(),
    status: text({ enum: DELIVERY_STATUSES }).notNull().default('pending'),
    attempts: integer().notNull().default(0),
    nextAttemptAt: moment(),
    lastStatus: integer(),
    lastErrorClass: text(),
    lastError: text(),
    /** An earlier attempt's answer was lost: it may have arrived. */
    answerLost: boolean().notNull().default(false),
    /** Front was told that it failed: a later success has to be told as well. */
    reportedAt: moment(),
    /** Who asked for the next attempt; moves to the attempt's row. */
    requestedBy: text(),
    /** Not before this one has left its queue: an earlier reply of the same Front conversation, in another lane. */
    afterId: uuid(),
    /** Where and how a person wants this run's attempts sent; null: as the channel says. */
    retryAs: json<RetryAs>(),
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
