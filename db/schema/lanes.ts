import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '#db/columns'
import { conversations } from '#db/schema/conversations'
import { LANE_DIRECTIONS } from '#db/schema/targets'

/**
 * One conversation in one direction: the unit of claim. Its waiting deliveries are `head_seq` to `last_seq` of
 * `lane_queue`; it is empty when `head_seq > last_seq`.
 */
export const lanes = pgTable(
  'lanes',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    channelId: uuid().notNull(),
    direction: text({ enum: LANE_DIRECTIONS }).notNull(),
    lastSeq: bigint({ mode: 'number' }).notNull().default(0),
    headSeq: bigint({ mode: 'number' }).notNull().default(1),
    /** Attempts of the head in this run; counted when claimed, so a crash counts. */
    attempt: integer().notNull().default(0),
    /** Null: empty or blocked. Else the head's next attempt, or the lease's end while it is in flight. */
    dueAt: moment(),
    /** Fencing token; not null means in flight. */
    lease: uuid(),
  },
  (table) => [
    uniqueIndex('lanes_conversation').on(table.conversationId, table.direction),
    index('lanes_due').on(table.channelId, table.direction, table.dueAt).where(sql`${table.dueAt} is not null`),
    index('lanes_in_flight').on(table.channelId, table.direction).where(sql`${table.lease} is not null`),
  ],
)

/** What waits: one row per delivery that has not ended. A delivery can wait only once. */
export const laneQueue = pgTable(
  'lane_queue',
  {
    laneId: bigint({ mode: 'number' })
      .notNull()
      .references(() => lanes.id, { onDelete: 'cascade' }),
    seq: bigint({ mode: 'number' }).notNull(),
    deliveryId: uuid().notNull(),
    /** Since when it waits in this run: later than its message where it was asked for again. */
    queuedAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.laneId, table.seq] }),
    uniqueIndex('lane_queue_delivery').on(table.deliveryId),
  ],
)
