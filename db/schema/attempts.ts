import { boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, json, moment } from '#db/columns'
import { PROVIDER_FORMATS } from '#db/schema/channels'

/** Classes of error with which a request has an address and never left. */
export const UNSENT_CLASSES: readonly string[] = ['blocked_address', 'bad_url']

export const ATTEMPT_OUTCOMES = ['delivered', 'retrying', 'failed', 'lost'] as const
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number]

/** One HTTP try of a delivery, as it happened. Secrets in headers are masked. Partitioned by id. */
export const attempts = pgTable(
  'attempts',
  {
    id: id(),
    deliveryId: uuid().notNull(),
    n: integer().notNull(),
    /** The person who asked for it; null when the schedule did. */
    requestedBy: text(),
    startedAt: moment().notNull(),
    durationMs: integer(),
    method: text(),
    url: text(),
    /** Replies to a provider: the body's format. */
    format: text({ enum: PROVIDER_FORMATS }),
    /** Sent as an earlier attempt was, because a person wanted that; null and false: as the channel said then. */
    asWas: boolean(),
    ip: text(),
    requestHeaders: json<Record<string, string>>(),
    /** First 20 kB of text; files are named, not kept. */
    requestBody: text(),
    responseStatus: integer(),
    responseHeaders: json<Record<string, string>>(),
    responseBody: text(),
    responseBytes: integer(),
    outcome: text({ enum: ATTEMPT_OUTCOMES }).notNull(),
    errorClass: text(),
    error: text(),
    nextAttemptAt: moment(),
  },
  (table) => [index('attempts_delivery').on(table.deliveryId, table.id)],
)
