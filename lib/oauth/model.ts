import type OAuth2Server from '@node-oauth/oauth2-server'
import type { Transaction } from '#db/client'
import { newId } from '#db/ids'
import type { App } from '#db/queries/apps'
import { insertConnectionToken } from '#db/queries/connections'
import { dropTokensOf, findKeyConnection, lockToken, spendToken } from '#db/queries/oauth-tokens'
import { constantTimeEqual, hashToken, randomToken } from '#lib/secrets'

export const CODE_LIFETIME_S = 60
export const ACCESS_LIFETIME_S = 3600
export const REFRESH_LIFETIME_S = 180 * 86_400
/** Nothing says that Front has stored a new refresh token by the time it asks again: the old one works on for this long. */
export const REFRESH_GRACE_MS = 10 * 60_000

/** The library compares with the clock of the machine. Whether something has ended is decided here, by the caller's. */
const NEVER = new Date(8_640_000_000_000_000)

/** Stands for the library's user: what a grant opens, and the code that it began with. */
export type Granted = { connectionId: string; originId: string | null }

export type Place = {
  tx: Transaction
  app: App
  /** At the token address the client has to prove itself; at the authorize address nobody has a secret. */
  at: 'authorize' | 'token'
  now: Date
}

type Model = OAuth2Server.AuthorizationCodeModel &
  OAuth2Server.RefreshTokenModel &
  OAuth2Server.ClientCredentialsModel &
  OAuth2Server.PasswordModel

/** What the library asks of us, all in one transaction. Tokens are random texts, of which only hashes are stored. */
export function oauthModel(place: Place): Model {
  const { tx, app } = place
  return {
    getClient: (id, secret) => findClient(place, id, secret),
    // Whether it may be led back to is decided before the library is asked.
    validateRedirectUri: async () => true,
    getUser: (username, password) => findKey(place, username, password),
    getUserFromClient: async ({ id }) => ({ connectionId: id, originId: null }) satisfies Granted,
    generateAccessToken: async () => randomToken('pba_'),
    generateRefreshToken: async () => randomToken('pbr_'),
    generateAuthorizationCode: async () => randomToken('pbo_'),
    saveAuthorizationCode: (code, client, user) => saveCode(place, code, client, user),
    getAuthorizationCode: (code) => readCode(place, code),
    revokeAuthorizationCode: ({ authorizationCode }) => spendCode(place, authorizationCode),
    saveToken: (token, client, user) => saveTokens(place, token, client, user),
    getRefreshToken: (token) => readRefreshToken(place, token),
    revokeToken: async ({ refreshToken }) => {
      const found = await lockToken(tx, { appId: app.id, purpose: 'refresh', tokenHash: hashToken(refreshToken) })
      if (found) await spendToken(tx, { id: found.id, now: place.now })
      return found !== null
    },
    getAccessToken: async () => null,
  }
}

async function findClient(place: Place, id: string, secret: string | null | undefined) {
  const { app, at } = place
  // The library wants a redirect address; the one that is used has been checked before.
  if (at === 'authorize') return { id, grants: ['authorization_code'], redirectUris: ['https://front.com/'] }
  if (id !== app.oauthClientId) return findKeyClient(place, id, secret)
  // A person's name and key are proof enough where Front sends no secret along.
  if (!secret) return { id, grants: ['password'] }
  const known = app.oauthClientSecretHash
  if (known === null || !constantTimeEqual(known, hashToken(secret))) return null
  return { id, grants: ['authorization_code', 'refresh_token', 'password'] }
}

/** Client credentials are those of one connection: its id, and its connect key for a secret. */
async function findKeyClient(place: Place, id: string, secret: string | null | undefined) {
  const found = secret ? await findKey(place, id, secret) : null
  return found && { id: found.connectionId, grants: ['client_credentials'] }
}

async function findKey({ tx, app }: Place, username: string, key: string): Promise<Granted | null> {
  const found = await findKeyConnection(tx, { appId: app.id, username, tokenHash: hashToken(key) })
  return found && { ...found, originId: null }
}

type NewCode = Parameters<Model['saveAuthorizationCode']>[0]

async function saveCode({ tx, now }: Place, code: NewCode, client: OAuth2Server.Client, user: OAuth2Server.User) {
  await insertConnectionToken(tx, {
    id: newId(),
    connectionId: granted(user).connectionId,
    purpose: 'code',
    tokenHash: hashToken(code.authorizationCode),
    redirectUri: code.redirectUri,
    codeChallenge: code.codeChallenge ?? null,
    codeChallengeMethod: code.codeChallengeMethod ?? null,
    scope: code.scope?.join(' ') ?? null,
    createdAt: now,
    expiresAt: after(now, CODE_LIFETIME_S),
  })
  return { ...code, client, user }
}

async function readCode({ tx, app, now }: Place, code: string) {
  const found = await lockToken(tx, { appId: app.id, purpose: 'code', tokenHash: hashToken(code) })
  if (!found?.expiresAt) return null
  // Somebody else may hold what it gave (RFC 6749, 4.1.2).
  if (found.usedAt) await dropTokensOf(tx, found)
  if (found.usedAt || found.expiresAt <= now) return null
  const challenge = found.codeChallenge
    ? { codeChallenge: found.codeChallenge, codeChallengeMethod: found.codeChallengeMethod ?? 'S256' }
    : {}
  return {
    ...challenge,
    authorizationCode: code,
    expiresAt: NEVER,
    redirectUri: found.redirectUri ?? '',
    ...scopeOf(found),
    client: { id: app.oauthClientId, grants: ['authorization_code'] },
    user: { connectionId: found.connectionId, originId: found.id } satisfies Granted,
  }
}

/** Whatever is wrong beside the code, it is used up: nobody tries a second time. */
async function spendCode({ tx, app, now }: Place, code: string): Promise<boolean> {
  const found = await lockToken(tx, { appId: app.id, purpose: 'code', tokenHash: hashToken(code) })
  if (found) await spendToken(tx, { id: found.id, now })
  return found !== null
}

async function saveTokens(
  place: Place,
  token: OAuth2Server.Token,
  client: OAuth2Server.Client,
  user: OAuth2Server.User,
) {
  const { tx, now } = place
  const { connectionId, originId } = granted(user)
  const base = { connectionId, originId, scope: token.scope?.join(' ') ?? null, createdAt: now }
  const access = { purpose: 'access' as const, tokenHash: hashToken(token.accessToken) }
  await insertConnectionToken(tx, { ...base, ...access, id: newId(), expiresAt: after(now, ACCESS_LIFETIME_S) })
  if (token.refreshToken) {
    const refresh = { purpose: 'refresh' as const, tokenHash: hashToken(token.refreshToken) }
    await insertConnectionToken(tx, { ...base, ...refresh, id: newId(), expiresAt: after(now, REFRESH_LIFETIME_S) })
  }
  return { ...token, client, user }
}

async function readRefreshToken({ tx, app, now }: Place, refreshToken: string) {
  const found = await lockToken(tx, { appId: app.id, purpose: 'refresh', tokenHash: hashToken(refreshToken) })
  if (!found?.expiresAt || found.expiresAt <= now) return null
  if (found.usedAt && now.getTime() - found.usedAt.getTime() > REFRESH_GRACE_MS) return null
  return {
    refreshToken,
    ...scopeOf(found),
    client: { id: app.oauthClientId, grants: ['refresh_token'] },
    user: { connectionId: found.connectionId, originId: found.originId } satisfies Granted,
  }
}

function scopeOf({ scope }: { scope: string | null }): { scope?: string[] } {
  return scope === null ? {} : { scope: scope.split(' ') }
}

/** The library hands back whom it was given, and calls that anything. */
function granted(user: OAuth2Server.User): Granted {
  return user as Granted
}

function after(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000)
}
