import { sql } from 'drizzle-orm'
import { boolean, index, integer, interval, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from '#db/columns'
import { channels } from '#db/schema/channels'

/** Inbound: provider to Front. Outbound: Front to provider. */
export const DIRECTIONS = ['inbound', 'outbound'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** The sides of a channel. `report`: what Front is told beside messages. */
export const CHANNEL_SIDES = [...DIRECTIONS, 'report'] as const
export type ChannelSide = (typeof CHANNEL_SIDES)[number]

/** Where deliveries wait. `alert`: what people are told about a channel. It is no side of it: nothing holds or counts it. */
export const LANE_DIRECTIONS = [...CHANNEL_SIDES, 'alert'] as const
export type LaneDirection = (typeof LANE_DIRECTIONS)[number]

/** One side that a channel delivers to: whether it may be called now, how fast, and how it has been doing. */
export const targets = pgTable(
  'targets',
  {
    channelId: uuid()
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    direction: text({ enum: LANE_DIRECTIONS }).notNull(),
    /** Held by a person or a rule until released: everything is kept. */
    heldSince: moment(),
    heldReason: text(),
    /** It was held or its breaker was open, and what waits goes out at the channel's `heldPerMinute` until nothing does. */
    draining: boolean().notNull().default(false),
    /** Not before this moment: the other side asked for a pause. */
    holdUntil: moment(),
    holdUntilReason: text(),
    maxInFlight: integer(),
    /** GCRA: time per delivery and how many may go at once; null means no limit. */
    rateEvery: interval(),
    rateBurst: integer().notNull().default(1),
    tat: moment().notNull().default(sql`'-infinity'`),
    failuresInARow: integer().notNull().default(0),
    /** Of them, refusals of our credentials since the last delivery: a rule sets the channel offline. */
    credentialFailures: integer().notNull().default(0),
    /** Of them, faults of the target and not of a message, since the last delivery: enough of them open the breaker. */
    targetFaults: integer().notNull().default(0),
    /** Open since then: one delivery at a time probes, when `holdUntil` has passed. */
    breakerSince: moment(),
    breakerReason: text(),
    /** Probes that failed in a row: each doubles the wait for the next. */
    breakerProbes: integer().notNull().default(0),
    lastDeliveredAt: moment(),
    lastFailedAt: moment(),
    lastError: text(),
  },
  (table) => [
    primaryKey({ columns: [table.channelId, table.direction] }),
    index('targets_draining').on(table.channelId).where(sql`${table.draining}`),
    index('targets_refused').on(table.channelId).where(sql`${table.credentialFailures} > 0`),
  ],
)
