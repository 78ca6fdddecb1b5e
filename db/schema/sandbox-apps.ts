import { boolean, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { createdAt, moment, sealed } from '#db/columns'
import { AUTH_METHODS, CREDENTIAL_SCOPES } from '#db/schema/apps'
import { CONTACT_TYPES } from '#db/schema/channels'
import { CREDENTIAL_VARIANTS } from '#db/schema/connections'

/** A Front app with its channel feature, as an admin of the make-believe company defines it. */
export const sandboxApps = pgTable('sandbox_apps', {
  uid: text().primaryKey(),
  name: text().notNull(),
  /** The app secret: verifies channel tokens and signs what Front posts to the app. */
  secretSealed: sealed().notNull(),
  /** Where Front posts `authorization` and `list_addresses`. Null until somebody typed it in. */
  serverUrl: text(),
  authMethod: text({ enum: AUTH_METHODS }).notNull().default('api_token'),
  credentials: text({ enum: CREDENTIAL_SCOPES }).notNull().default('private'),
  /** How a credential travels that is no OAuth token; Front documents one form only. */
  credentialVariant: text({ enum: CREDENTIAL_VARIANTS }).notNull().default('bearer'),
  contactType: text({ enum: CONTACT_TYPES }).notNull().default('custom'),
  /** The Templates checkbox of the channel feature. */
  takesTemplates: boolean().notNull().default(true),
  /** Sends the conversation's external ids along with `message`, which is seen in production but not documented. */
  tellsConversationIds: boolean().notNull().default(false),
  authorizeUrl: text(),
  tokenUrl: text(),
  /** Null: the token URL refreshes too. */
  refreshUrl: text(),
  introspectionUrl: text(),
  clientId: text(),
  clientSecretSealed: sealed(),
  createdAt: createdAt(),
})

/** What Front shows the app's server on behalf of one connection. A shared one serves several channels. */
export const sandboxCredentials = pgTable('sandbox_credentials', {
  id: text().primaryKey(),
  appUid: text().notNull(),
  /** JSON: what was typed in, and the tokens that came of it. */
  sealed: sealed().notNull(),
  /** When the access token ends, as far as the server said. */
  expiresAt: moment(),
  /** Whose account it is, as introspection told. */
  owner: text(),
  createdAt: createdAt(),
})

/** A sign-in that has left for the app's authorize URL and not come back yet. */
export const sandboxSignIns = pgTable(
  'sandbox_sign_ins',
  {
    state: text().primaryKey(),
    appUid: text().notNull(),
    inboxId: text().notNull(),
    channelName: text(),
    /** The channel that is signed in again; null for a new one. */
    channelId: text(),
    redirectUri: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('sandbox_sign_ins_time').on(table.createdAt)],
)

/** Channel tokens that were used: each is good once. Kept until the token would have ended anyway. */
export const sandboxTokenIds = pgTable(
  'sandbox_token_ids',
  { appUid: text().notNull(), jti: text().notNull(), expiresAt: moment().notNull() },
  (table) => [primaryKey({ columns: [table.appUid, table.jti] }), index('sandbox_token_ids_end').on(table.expiresAt)],
)

/** What threads the messages of an application channel. After a merge one conversation has several. */
export const sandboxConversationIds = pgTable(
  'sandbox_conversation_ids',
  {
    channelId: text().notNull(),
    externalId: text().notNull(),
    conversationId: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.channelId, table.externalId] }),
    index('sandbox_conversation_ids_conversation').on(table.conversationId),
  ],
)
