import OAuth2Server from '@node-oauth/oauth2-server'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import type { App } from '#db/queries/apps'
import { findConnectionByToken, insertConnectionToken } from '#db/queries/connections'
import { dropGivenTokens, findConnectKey, pinRedirect, spendToken } from '#db/queries/oauth-tokens'
import type { TokenPurpose } from '#db/schema/connections'
import { checkRedirect } from '#lib/oauth/redirect-rule'
import { constantTimeEqual, hashToken, randomToken } from '#lib/secrets'

export const CODE_LIFETIME_S = 60
export const ACCESS_LIFETIME_S = 3600
export const REFRESH_LIFETIME_S = 180 * 86_400
/** Nothing says that Front has stored a new refresh token by the time it asks again: the old one works on for this long. */
export const REFRESH_GRACE_MS = 10 * 60_000

/** Stands for the library's user: what a grant opens. */
export type Granted = { connectionId: string }

type Surroundings = {
  db: Database
  app: App
  /** Our own origin where the sandbox plays Front; null elsewhere. */
  ownOrigin: string | null
  /** At the token address the client has to prove itself; at the authorize address nobody has a secret. */
  at: 'authorize' | 'token'
  now: () => Date
}

/** The OAuth server of one app, which Front connects to (RFC 6749 and 7636). Tokens are random texts; only hashes are stored. */
export function oauthServer(surroundings: Surroundings): OAuth2Server {
  return new OAuth2Server({
    model: oauthModel(surroundings),
    accessTokenLifetime: ACCESS_LIFETIME_S,
    refreshTokenLifetime: REFRESH_LIFETIME_S,
    authorizationCodeLifetime: CODE_LIFETIME_S,
    allowEmptyState: true,
    // A person's name and key are proof enough where Front sends no client along.
    requireClientAuthentication: { password: false },
  })
}

type Model = OAuth2Server.AuthorizationCodeModel &
  OAuth2Server.RefreshTokenModel &
  OAuth2Server.ClientCredentialsModel &
  OAuth2Server.PasswordModel

function oauthModel(surroundings: Surroundings): Model {
  const { db, app, ownOrigin, now } = surroundings
  return {
    getClient: (id, secret) => findClient(surroundings, id, secret),
    validateRedirectUri: async (uri) =>
      checkRedirect(uri, { hosts: app.redirectHosts, pinned: app.pinnedRedirectUri, ownOrigin }).ok,
    getUser: (username, password) => findConnectKey(db, { appId: app.id, username, tokenHash: hashToken(password) }),
    getUserFromClient: async ({ id }) => ({ connectionId: id }),
    generateAccessToken: async () => randomToken('pba_'),
    generateRefreshToken: async () => randomToken('pbr_'),
    generateAuthorizationCode: async () => randomToken('pbo_'),
    saveAuthorizationCode: (code, client, user) => saveCode(surroundings, code, client, user),
    getAuthorizationCode: (code) => readCode(surroundings, code),
    revokeAuthorizationCode: ({ authorizationCode }) => spendCode(surroundings, authorizationCode),
    saveToken: (token, client, user) => saveTokens(surroundings, token, client, user),
    getRefreshToken: (token) => readRefreshToken(surroundings, token),
    // Used once more within its grace it is as good as the first time.
    revokeToken: async ({ refreshToken }) => {
      const found = await findToken(surroundings, refreshToken, 'refresh')
      if (found) await spendToken(db, { id: found.token.id, now: now() })
      return found !== null
    },
    getAccessToken: async () => null,
  }
}

async function findClient({ db, app, at }: Surroundings, id: string, secret: string | null | undefined) {
  const refreshing = ['refresh_token']
  if (id === app.oauthClientId) {
    if (at === 'authorize') return { id, grants: ['authorization_code'], redirectUris: ['https://front.com/'] }
    if (!secret) return app.authMethod === 'password' ? { id, grants: ['password'] } : null
    const known = app.oauthClientSecretHash
    if (known === null || !constantTimeEqual(known, hashToken(secret))) return null
    return { id, grants: [...refreshing, ...(app.authMethod === 'password' ? ['password'] : ['authorization_code'])] }
  }
  // Client credentials are those of one channel: a connect key is the secret of its connection.
  if (at === 'authorize' || app.authMethod !== 'client_credentials' || !secret) return null
  const key = await findConnectKey(db, { appId: app.id, username: id, tokenHash: hashToken(secret) })
  return key && { id: key.connectionId, grants: ['client_credentials'] }
}

/** Null for a token that is unknown, of another app or purpose, or whose connection has been revoked. */
async function findToken({ db, app }: Surroundings, token: string, purpose: TokenPurpose) {
  const found = await findConnectionByToken(db, hashToken(token))
  if (!found || found.token.purpose !== purpose || found.app.id !== app.id || found.connection.revokedAt) return null
  return found
}

async function saveCode(
  { db, now }: Surroundings,
  code: Pick<
    OAuth2Server.AuthorizationCode,
    'authorizationCode' | 'expiresAt' | 'redirectUri' | 'scope' | 'codeChallenge' | 'codeChallengeMethod'
  >,
  client: OAuth2Server.Client,
  user: OAuth2Server.User,
) {
  await insertConnectionToken(db, {
    id: newId(),
    connectionId: (user as Granted).connectionId, // the only user that this server knows
    purpose: 'code',
    tokenHash: hashToken(code.authorizationCode),
    redirectUri: code.redirectUri,
    codeChallenge: code.codeChallenge ?? null,
    codeChallengeMethod: code.codeChallengeMethod ?? null,
    scope: code.scope?.join(' ') ?? null,
    createdAt: now(),
    expiresAt: code.expiresAt,
  })
  return { ...code, client, user }
}

async function readCode(surroundings: Surroundings, code: string) {
  const found = await findToken(surroundings, code, 'code')
  if (!found) return null
  const { token, connection, app } = found
  const { expiresAt } = token
  if (!expiresAt) return null
  if (token.usedAt) {
    await dropGivenTokens(surroundings.db, connection.id)
    return null
  }
  const challenge = token.codeChallenge
    ? { codeChallenge: token.codeChallenge, codeChallengeMethod: token.codeChallengeMethod ?? undefined }
    : {}
  return {
    authorizationCode: code,
    expiresAt,
    redirectUri: token.redirectUri ?? '',
    scope: token.scope?.split(' '),
    ...challenge,
    client: { id: app.oauthClientId, grants: ['authorization_code'] },
    user: { connectionId: connection.id },
  }
}

async function spendCode(surroundings: Surroundings, code: string): Promise<boolean> {
  const { db, app, now } = surroundings
  const found = await findToken(surroundings, code, 'code')
  if (!found || !(await spendToken(db, { id: found.token.id, now: now() }))) return false
  const { redirectUri } = found.token
  if (redirectUri && new URL(redirectUri).origin !== surroundings.ownOrigin) {
    await pinRedirect(db, { appId: app.id, redirectUri })
  }
  return true
}

async function saveTokens(
  { db, now }: Surroundings,
  token: OAuth2Server.Token,
  client: OAuth2Server.Client,
  user: OAuth2Server.User,
) {
  const { connectionId } = user as Granted // the only user that this server knows
  const base = { connectionId, scope: token.scope?.join(' ') ?? null, createdAt: now() }
  await db.transaction(async (tx) => {
    const access = { purpose: 'access' as const, tokenHash: hashToken(token.accessToken) }
    await insertConnectionToken(tx, { ...base, ...access, id: newId(), expiresAt: token.accessTokenExpiresAt })
    if (!token.refreshToken) return
    const refresh = { purpose: 'refresh' as const, tokenHash: hashToken(token.refreshToken) }
    await insertConnectionToken(tx, { ...base, ...refresh, id: newId(), expiresAt: token.refreshTokenExpiresAt })
  })
  return { ...token, client, user }
}

async function readRefreshToken(surroundings: Surroundings, refreshToken: string) {
  const found = await findToken(surroundings, refreshToken, 'refresh')
  if (!found) return null
  const { token, connection, app } = found
  const now = surroundings.now().getTime()
  if (token.usedAt && now - token.usedAt.getTime() > REFRESH_GRACE_MS) return null
  return {
    refreshToken,
    refreshTokenExpiresAt: token.expiresAt ?? undefined,
    scope: token.scope?.split(' '),
    client: { id: app.oauthClientId, grants: ['refresh_token'] },
    user: { connectionId: connection.id },
  }
}
