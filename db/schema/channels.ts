import { sql } from 'drizzle-orm'
import { boolean, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, json, moment, sealed } from '#db/columns'
import { apps } from '#db/schema/apps'
import { companies } from '#db/schema/companies'

export const CHANNEL_KINDS = ['custom', 'application'] as const
export const CONTACT_TYPES = ['custom', 'email', 'phone'] as const
export const PROVIDER_FORMATS = ['envelope', 'front_message'] as const
/** After an inbound delivery whose answer was lost and that cannot be looked up. */
export const LOST_ANSWER_POLICIES = ['send_again', 'stop'] as const
/** After a delivery failed for good: the lane moves on, or waits until a person decides. */
export const FAILED_HEAD_POLICIES = ['move_on', 'hold'] as const

export type ChannelKind = (typeof CHANNEL_KINDS)[number]
export type ContactType = (typeof CONTACT_TYPES)[number]
export type ProviderFormat = (typeof PROVIDER_FORMATS)[number]
export type LostAnswerPolicy = (typeof LOST_ANSWER_POLICIES)[number]
export type FailedHeadPolicy = (typeof FAILED_HEAD_POLICIES)[number]

/** Waits between attempts in seconds: 5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 5 h, 10 h. */
export const DEFAULT_RETRY_DELAYS_S = [5, 30, 120, 600, 1800, 7200, 18_000, 36_000]

export const channels = pgTable(
  'channels',
  {
    id: id(),
    companyId: uuid()
      .notNull()
      .references(() => companies.id),
    /** The channel's name in public URLs: random and rotatable, unlike the id. */
    key: text().notNull().unique(),
    kind: text({ enum: CHANNEL_KINDS }).notNull().default('custom'),
    /** Application channels only. */
    appId: uuid().references(() => apps.id),
    name: text().notNull(),
    frontChannelId: text().notNull(),
    frontInboxId: text(),
    contactType: text({ enum: CONTACT_TYPES }).notNull().default('custom'),
    /** ISO 3166 country that a phone number without a country code belongs to; null refuses such numbers. */
    defaultCountry: text(),
    /** Checked by `threadingRule` in lib/threading wherever it is read. */
    threading: json<unknown>().notNull(),
    /** Takes messages in and carries no replies, such as a phone log. */
    receiveOnly: boolean().notNull().default(false),
    providerUrl: text(),
    providerFormat: text({ enum: PROVIDER_FORMATS }).notNull().default('envelope'),
    /** JSON object of extra headers, sealed because they often hold credentials. */
    providerHeadersSealed: sealed(),
    retryDelaysS: integer().array().notNull().default(DEFAULT_RETRY_DELAYS_S),
    lostAnswer: text({ enum: LOST_ANSWER_POLICIES }).notNull().default('send_again'),
    failedHead: text({ enum: FAILED_HEAD_POLICIES }).notNull().default('move_on'),
    maxBodyBytes: integer().notNull().default(25_000_000),
    /** Incoming calls that one minute may hold; null means no limit. */
    requestsPerMinute: integer(),
    /** How many a minute go out of what had been held, until it has gone; null means as fast as the other side takes them. */
    heldPerMinute: integer(),
    /** Days that the log keeps what has ended; null: for ever. */
    retentionDays: integer(),
    pausedAt: moment(),
    pausedBy: text(),
    pausedReason: text(),
    /** Application channels: when Front connected it, and when Front deleted it there. */
    connectedAt: moment(),
    disconnectedAt: moment(),
    /** Shown as offline in Front: replies are held. Set by a person, the provider, or a rule. */
    offlineSince: moment(),
    offlineBy: text(),
    offlineReason: text(),
    /** Refusals of our credentials by the provider, one after the other, that set the channel offline; null: never. */
    offlineAfterFailures: integer().default(3),
    /** Which signature variant Front last used, so that an uncertain protocol fact shows itself. */
    signatureVariant: text(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    /** Removed from use; its log stays. */
    archivedAt: moment(),
  },
  (table) => [
    uniqueIndex('channels_front_channel')
      .on(table.companyId, table.frontChannelId)
      .where(sql`${table.archivedAt} is null`),
  ],
)
