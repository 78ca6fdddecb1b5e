import { boolean, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from '#db/columns'
import { channels } from '#db/schema/channels'

export const ALERT_DESTINATION_KINDS = ['email', 'slack', 'webhook'] as const
export type AlertDestinationKind = (typeof ALERT_DESTINATION_KINDS)[number]

/**
 * What people can be alerted to. failing: attempts fail in a row. offline: shown as offline, or removed in Front.
 * backlog: the oldest message waits too long. confirmations: Front accepted messages that never appeared there.
 */
export const ALERT_KINDS = ['failing', 'offline', 'backlog', 'confirmations'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

/** Who is told of which trouble, from when on, and when not. */
export const alertDestinations = pgTable('alert_destinations', {
  id: id(),
  name: text().notNull(),
  kind: text({ enum: ALERT_DESTINATION_KINDS }).notNull(),
  /** Recipients, or an address with its secrets, as JSON: whoever knows it can write there. */
  settingsSealed: text().notNull(),
  /** As much of the settings as a list may show. */
  shown: text().notNull(),
  alerts: text({ enum: ALERT_KINDS }).array().notNull(),
  /** Null: all channels, also those that are still to come. */
  channelIds: uuid().array(),
  /** Failed attempts in a row, of one side of a channel, that make it failing. */
  failuresInARow: integer().notNull().default(5),
  /** Minutes that the oldest message of a channel may wait. */
  backlogMinutes: integer().notNull().default(15),
  /** Messages of a day that never appeared in Front. */
  missingCount: integer().notNull().default(1),
  /** Minutes without trouble after which it counts as over. */
  calmMinutes: integer().notNull().default(2),
  /** Nothing is told between these times of day (`22:00`) in an IANA time zone; all three or none. */
  quietFrom: text(),
  quietTo: text(),
  quietZone: text(),
  enabled: boolean().notNull().default(true),
  createdBy: text().notNull(),
  createdAt: createdAt(),
  updatedAt: createdAt(),
})

/** Trouble as one destination knows it. No row: none, and none lately. */
export const alertStates = pgTable(
  'alert_states',
  {
    destinationId: uuid()
      .notNull()
      .references(() => alertDestinations.id, { onDelete: 'cascade' }),
    channelId: uuid()
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    kind: text({ enum: ALERT_KINDS }).notNull(),
    /** When the trouble began; null when it is over and its end was told. */
    beganAt: moment(),
    /** When its beginning was told; null while it was not. */
    toldAt: moment(),
    /** No trouble since then, which is not told yet. */
    calmSince: moment(),
    /** When the end of the last trouble was told: the next one is not told at once. */
    endedAt: moment(),
    /** What is to be told next was kept back by quiet time. */
    heldBack: boolean().notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.destinationId, table.channelId, table.kind] })],
)
