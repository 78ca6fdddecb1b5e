import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, json, moment } from '#db/columns'
import { DIRECTIONS } from '#db/schema/targets'

/** queueing: still looking up what the filter matches. cancelled and done: `endedAt` says when the last one under way had ended. */
export const RECOVERY_STATUSES = ['queueing', 'running', 'paused', 'cancelled', 'done'] as const
export type RecoveryStatus = (typeof RECOVERY_STATUSES)[number]

/** today: with the channel's settings as they are. as_was: to the address and in the format of the last attempt that was sent. */
export const RETRY_WAYS = ['today', 'as_was'] as const
export type RetryWay = (typeof RETRY_WAYS)[number]

/**
 * behind: an earlier message of its conversation comes first. waiting: next of its conversation. sending: in its lane, not
 * tried yet. retrying: tried, will be again. The others have ended.
 */
export const RECOVERY_ITEM_STATES = [
  'behind',
  'waiting',
  'sending',
  'retrying',
  'delivered',
  'failed',
  'skipped',
  'cancelled',
] as const
/** Those that have not ended, in the words of the index that needs them. */
export const OPEN_ITEM = sql`('behind', 'waiting', 'sending', 'retrying')`
export type RecoveryItemState = (typeof RECOVERY_ITEM_STATES)[number]

/** A retry of everything that a filter of the message log matched at one moment, fed into the lanes bit by bit. */
export const recoveries = pgTable(
  'recoveries',
  {
    id: id(),
    /** The log's filter as it stands in a URL, with its times fixed. */
    filter: json<Record<string, string>>().notNull(),
    way: text({ enum: RETRY_WAYS }).notNull().default('today'),
    perMinute: integer().notNull(),
    reason: text(),
    status: text({ enum: RECOVERY_STATUSES }).notNull().default('queueing'),
    /** Up to where the filter has been looked up. */
    cursor: uuid(),
    total: integer().notNull().default(0),
    waiting: integer().notNull().default(0),
    sending: integer().notNull().default(0),
    delivered: integer().notNull().default(0),
    failed: integer().notNull().default(0),
    skipped: integer().notNull().default(0),
    cancelled: integer().notNull().default(0),
    /** GCRA of its rate; null until the first one was fed. */
    tat: moment(),
    fedAt: moment(),
    createdBy: text().notNull(),
    createdAt: createdAt(),
    /** Who paused or cancelled it. */
    stoppedBy: text(),
    endedAt: moment(),
  },
  (table) => [index('recoveries_open').on(table.id).where(sql`${table.endedAt} is null`)],
)

/** How much of a recovery goes to each target. */
export const recoveryTargets = pgTable(
  'recovery_targets',
  {
    recoveryId: uuid()
      .notNull()
      .references(() => recoveries.id, { onDelete: 'cascade' }),
    channelId: uuid().notNull(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    total: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.recoveryId, table.channelId, table.direction] })],
)

/** One delivery of a recovery. Their ids are in the order in which the messages were taken in. */
export const recoveryItems = pgTable(
  'recovery_items',
  {
    recoveryId: uuid()
      .notNull()
      .references(() => recoveries.id, { onDelete: 'cascade' }),
    deliveryId: uuid().notNull(),
    channelId: uuid().notNull(),
    conversationId: uuid().notNull(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    state: text({ enum: RECOVERY_ITEM_STATES }).notNull(),
    /** When it is looked at next: to be fed, or to note how it ended. */
    lookAt: createdAt(),
    /** Why it failed again, or was left alone. */
    note: text(),
  },
  (table) => [
    primaryKey({ columns: [table.recoveryId, table.deliveryId] }),
    uniqueIndex('recovery_items_once').on(table.deliveryId).where(sql`${table.state} in ${OPEN_ITEM}`),
    index('recovery_items_next')
      .on(table.recoveryId, table.channelId, table.direction, table.lookAt, table.deliveryId)
      .where(sql`${table.state} = 'waiting'`),
    index('recovery_items_behind')
      .on(table.recoveryId, table.conversationId, table.direction, table.deliveryId)
      .where(sql`${table.state} = 'behind'`),
    index('recovery_items_first')
      .on(table.recoveryId, table.conversationId, table.direction)
      .where(sql`${table.state} in ('waiting', 'sending', 'retrying')`),
    index('recovery_items_fed')
      .on(table.recoveryId, table.lookAt)
      .where(sql`${table.state} in ('sending', 'retrying')`),
    index('recovery_items_sending').on(table.channelId, table.direction).where(sql`${table.state} = 'sending'`),
    index('recovery_items_left')
      .on(table.recoveryId, table.state, table.deliveryId)
      .where(sql`${table.state} in ('failed', 'skipped')`),
  ],
)
