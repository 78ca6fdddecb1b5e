import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment, sealed } from '#db/columns'
import { channels } from '#db/schema/channels'

export const KEY_PURPOSES = ['incoming', 'signing'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

/**
 * What opens a channel from the provider's side. `incoming` is the bearer key (only its hash is kept); `signing` is the
 * Standard Webhooks secret that signs both ways. During a rotation the old one lives until `expiresAt`.
 */
export const channelKeys = pgTable(
  'channel_keys',
  {
    id: id(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    purpose: text({ enum: KEY_PURPOSES }).notNull(),
    tokenHash: text(),
    secretSealed: sealed(),
    /** The last four characters, to tell keys apart on screen. */
    hint: text().notNull(),
    createdBy: text(),
    createdAt: createdAt(),
    expiresAt: moment(),
  },
  (table) => [index('channel_keys_channel').on(table.channelId, table.purpose)],
)
