import { sql } from 'drizzle-orm'
import { boolean, check, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '#db/columns'

/** One row: facts of this installation as a whole. */
export const installation = pgTable(
  'installation',
  {
    id: boolean().primaryKey().default(true),
    /** A known text, sealed: tells at start whether the configured key is the right one. */
    keyCheck: text().notNull(),
    /** Set once, by the first set-up that wins; the set-up page is closed from then on. */
    ownerCreatedAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [check('installation_one_row', sql`${table.id}`)],
)
