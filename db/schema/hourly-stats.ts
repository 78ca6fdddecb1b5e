import { bigint, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from '#db/columns'
import { DIRECTIONS } from '#db/schema/targets'

/** Counters for charts, written when deliveries settle, so that no chart counts the log. Tests are left out. */
export const hourlyStats = pgTable(
  'hourly_stats',
  {
    channelId: uuid().notNull(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    hour: moment().notNull(),
    delivered: integer().notNull().default(0),
    failed: integer().notNull().default(0),
    attempts: integer().notNull().default(0),
    durationMs: bigint({ mode: 'number' }).notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.hour, table.channelId, table.direction] })],
)
