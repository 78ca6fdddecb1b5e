import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id } from '#db/columns'
import { channels } from '#db/schema/channels'
import { CHANNEL_SIDES } from '#db/schema/targets'

/** opened: calls to a target stopped. closed: a probe went through. overridden: a person let all of it go again. */
export const BREAKER_EVENT_KINDS = ['opened', 'closed', 'overridden'] as const
export type BreakerEventKind = (typeof BREAKER_EVENT_KINDS)[number]

/** When a target's circuit breaker opened and closed, and why. */
export const breakerEvents = pgTable(
  'breaker_events',
  {
    id: id(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    direction: text({ enum: CHANNEL_SIDES }).notNull(),
    kind: text({ enum: BREAKER_EVENT_KINDS }).notNull(),
    reason: text(),
    /** A person's e-mail, where one decided. */
    by: text(),
    createdAt: createdAt(),
  },
  (table) => [index('breaker_events_target').on(table.channelId, table.direction, table.id)],
)
