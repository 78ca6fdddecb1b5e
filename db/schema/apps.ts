import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment, sealed } from '#db/columns'
import { companies } from '#db/schema/companies'

/** How Front proves to us whom a channel of this app belongs to: the choices of Front's app settings and of its create-channel call. */
export const AUTH_METHODS = [
  'api_token',
  'oauth',
  'none',
  'api_key',
  'basic',
  'client_credentials',
  'password',
] as const
export type AuthMethod = (typeof AUTH_METHODS)[number]

/** private: one connection is one channel. shared: one connection serves the channels that `list_addresses` names. */
export const CREDENTIAL_SCOPES = ['private', 'shared'] as const
export type CredentialScope = (typeof CREDENTIAL_SCOPES)[number]

export const COMPOSERS = ['basic', 'advanced'] as const
export const TIMELINES = ['standard', 'chat'] as const

/** HTTP status of a typed error to Front, which documents none: always 200, or the one that matches the code. */
export const ERROR_STATUSES = ['ok', 'matching'] as const
export type ErrorStatus = (typeof ERROR_STATUSES)[number]

/** Hosts that an OAuth sign-in may lead back to. */
export const FRONT_REDIRECT_HOSTS = ['*.frontapp.com', '*.front.com']

/** A Front app: its UID and secret define application channels, and Front signs its calls to us with the secret. */
export const apps = pgTable(
  'apps',
  {
    id: id(),
    companyId: uuid()
      .notNull()
      .references(() => companies.id),
    /** The app's name in public URLs. */
    key: text().notNull().unique(),
    name: text().notNull(),
    /** `iss` of our channel tokens. */
    uid: text().notNull(),
    /** Signs our channel tokens and verifies Front's calls. Not the OAuth client secret. */
    secretSealed: sealed().notNull(),
    /** During a rotation the one before verifies too, until the moment beside it. */
    previousSecretSealed: sealed(),
    previousSecretUntil: moment(),
    authMethod: text({ enum: AUTH_METHODS }).notNull().default('api_token'),
    credentials: text({ enum: CREDENTIAL_SCOPES }).notNull().default('private'),
    /** Notes of how the app is set in Front: what goes out depends on them. */
    composer: text({ enum: COMPOSERS }).notNull().default('basic'),
    timeline: text({ enum: TIMELINES }).notNull().default('standard'),
    notes: text(),
    errorStatus: text({ enum: ERROR_STATUSES }).notNull().default('ok'),
    /** What we hand to Front's OAuth settings; of the secret only a hash stays. */
    oauthClientId: text().notNull().unique(),
    oauthClientSecretHash: text(),
    redirectHosts: text().array().notNull().default(FRONT_REDIRECT_HOSTS),
    /** Where the first OAuth sign-in led back to; from then on the only place. */
    pinnedRedirectUri: text(),
    /** The variant of the signature that Front last used for this app. */
    signatureVariant: text(),
    lastSeenAt: moment(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    archivedAt: moment(),
  },
  (table) => [index('apps_company').on(table.companyId)],
)
