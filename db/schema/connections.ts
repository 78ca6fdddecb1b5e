import { sql } from 'drizzle-orm'
import { index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from '#db/columns'
import { apps } from '#db/schema/apps'
import { channels } from '#db/schema/channels'

/** key: a connect key that a person pastes into Front. oauth: a grant of our OAuth server. open: an app without authentication. */
export const CONNECTION_KINDS = ['key', 'oauth', 'open'] as const
export type ConnectionKind = (typeof CONNECTION_KINDS)[number]

/** The form in which Front showed its credential; several are possible and Front documents one. */
export const CREDENTIAL_VARIANTS = ['bearer', 'basic', 'api_key_header', 'bare'] as const
export type CredentialVariant = (typeof CREDENTIAL_VARIANTS)[number]

/** One credential by which Front calls us. Its tokens are in `connection_tokens`. */
export const connections = pgTable(
  'connections',
  {
    id: id(),
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
    /** The channel that it opens: prepared before, or made when Front first connects. Null when it may connect any of the app. */
    channelId: uuid().references(() => channels.id, { onDelete: 'cascade' }),
    kind: text({ enum: CONNECTION_KINDS }).notNull(),
    name: text().notNull(),
    /** The channel's address in Front, told by introspection: unique within the app. */
    address: text(),
    /** The last four characters of a connect key, to tell keys apart on screen. */
    hint: text(),
    createdBy: text().notNull(),
    createdAt: createdAt(),
    lastUsedAt: moment(),
    credentialVariant: text({ enum: CREDENTIAL_VARIANTS }),
    revokedAt: moment(),
    revokedBy: text(),
  },
  (table) => [
    index('connections_app').on(table.appId, table.id),
    index('connections_channel').on(table.channelId),
    uniqueIndex('connections_address')
      .on(table.appId, table.address)
      .where(sql`${table.address} is not null and ${table.revokedAt} is null`),
  ],
)

/** key: a connect key. The others are OAuth's. */
export const TOKEN_PURPOSES = ['key', 'code', 'access', 'refresh'] as const
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number]

/** What opens a connection. Only hashes are kept. */
export const connectionTokens = pgTable(
  'connection_tokens',
  {
    id: id(),
    connectionId: uuid()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    purpose: text({ enum: TOKEN_PURPOSES }).notNull(),
    tokenHash: text().notNull().unique(),
    /** The code that it descends from, so that all of one sign-in can be taken back. */
    originId: uuid(),
    /** A code is good only for the redirect it was given to. */
    redirectUri: text(),
    codeChallenge: text(),
    codeChallengeMethod: text(),
    scope: text(),
    createdAt: createdAt(),
    expiresAt: moment(),
    /** A code, or a refresh token, that has been used. */
    usedAt: moment(),
  },
  (table) => [index('connection_tokens_connection').on(table.connectionId, table.purpose)],
)
