import { sql } from 'drizzle-orm'
import { integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from '#db/columns'

export const ROLES = ['owner', 'admin', 'support', 'viewer'] as const
export type Role = (typeof ROLES)[number]

export const users = pgTable(
  'users',
  {
    id: id(),
    email: text().notNull(),
    name: text().notNull(),
    /** Null for people who only sign in through another identity provider. */
    passwordHash: text(),
    role: text({ enum: ROLES }).notNull(),
    /** Raised to end every session of this person. */
    sessionEpoch: integer().notNull().default(0),
    disabledAt: moment(),
    lastSignedInAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('users_email').on(sql`lower(${table.email})`)],
)
