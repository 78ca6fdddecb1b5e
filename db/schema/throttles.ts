import { pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from '#db/columns'

/** One GCRA limiter per key: `tat` is the theoretical arrival time, so a row that lies in the past means nothing. */
export const throttles = pgTable('throttles', {
  key: text().primaryKey(),
  tat: moment().notNull(),
})
