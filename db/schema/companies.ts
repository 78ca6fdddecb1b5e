import { sql } from 'drizzle-orm'
import { boolean, integer, interval, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, id, moment, sealed } from '#db/columns'

/** A Front company: where its API is, what opens it, and how much of its rate limit is left. */
export const companies = pgTable('companies', {
  id: id(),
  name: text().notNull(),
  frontBaseUrl: text().notNull(),
  frontCompanyId: text(),
  apiTokenSealed: sealed(),
  apiSecretSealed: sealed(),
  /** The built-in stand-in for Front. */
  isSandbox: boolean().notNull().default(false),
  /** No call to Front before this moment: Front asked for a pause of the whole company. */
  holdUntil: moment(),
  holdReason: text(),
  rateLimit: integer(),
  rateRemaining: integer(),
  rateSeenAt: moment(),
  /** GCRA over all calls to Front for this company, learned from its answers; null until Front told its limit. */
  callsEvery: interval(),
  callsBurst: integer().notNull().default(1),
  callsTat: moment().notNull().default(sql`'-infinity'`),
  createdAt: createdAt(),
  updatedAt: createdAt(),
})
