import type { SandboxApp } from '#db/queries/sandbox-apps'
import { findSandboxCredential, updateSandboxCredential } from '#db/queries/sandbox-apps'
import { AppError } from '#lib/errors'
import { type Credentials, credentialHeaders, openCredentials, sealCredentials } from '#lib/sandbox/apps/credentials'
import { askForTokens, clientOf, type Tokens } from '#lib/sandbox/apps/tokens'
import type { SandboxDeps } from '#lib/sandbox/deps'

/** A token that ends within these is renewed before it is used. */
const MARGIN_MS = 5000

type Holder = { app: SandboxApp; credentialId: string | null }

/**
 * The headers of a connection, with an access token that has not ended: an old one is renewed first.
 * @throws AppError `conflict` without a credential, `upstream_refused` when the server renews nothing
 */
export async function freshCredential(
  deps: SandboxDeps,
  { app, credentialId }: Holder,
): Promise<Record<string, string>> {
  if (app.authMethod === 'none') return {}
  const row = credentialId === null ? undefined : await findSandboxCredential(deps.db, credentialId)
  if (!row) throw new AppError('conflict', 'The channel is not authenticated yet.')
  const given = openCredentials(row.sealed, deps.keys)
  const hasEnded = row.expiresAt !== null && row.expiresAt.getTime() - MARGIN_MS <= deps.now.getTime()
  if (!hasEnded) return credentialHeaders(app, given)
  const tokens = await renew(deps, { app, given })
  const next = withTokens(given, tokens)
  const sealed = sealCredentials(next, deps.keys)
  await updateSandboxCredential(deps.db, row.id, { sealed, expiresAt: tokens.expiresAt })
  return credentialHeaders(app, next)
}

/** Keeps the old refresh token where the server gave no new one. */
export function withTokens(given: Credentials, { accessToken, refreshToken }: Tokens): Credentials {
  return { ...given, access_token: accessToken, ...(refreshToken ? { refresh_token: refreshToken } : {}) }
}

/** The first tokens of a credential that was typed in; undefined where it needs none. */
export async function firstTokens(
  deps: SandboxDeps,
  { app, given }: { app: SandboxApp; given: Credentials },
): Promise<Tokens | undefined> {
  if (app.authMethod !== 'client_credentials' && app.authMethod !== 'password') return undefined
  const url = requireUrl(app.tokenUrl, 'token URL')
  if (app.authMethod === 'client_credentials') {
    const client = { id: given.client_id ?? '', secret: given.client_secret ?? '' }
    return askForTokens(deps, { url, client, grant: { grant_type: 'client_credentials' } })
  }
  const { username = '', password = '' } = given
  return askForTokens(deps, { url, client: clientOf(app, deps), grant: { grant_type: 'password', username, password } })
}

async function renew(deps: SandboxDeps, { app, given }: { app: SandboxApp; given: Credentials }): Promise<Tokens> {
  if (given.refresh_token === undefined) {
    const again = await firstTokens(deps, { app, given })
    if (again) return again
    throw new AppError('upstream_refused', 'The access token has ended and there is no refresh token.')
  }
  const grant = { grant_type: 'refresh_token', refresh_token: given.refresh_token }
  const client =
    app.authMethod === 'client_credentials'
      ? { id: given.client_id ?? '', secret: given.client_secret ?? '' }
      : clientOf(app, deps)
  return askForTokens(deps, { url: requireUrl(app.refreshUrl ?? app.tokenUrl, 'refresh URL'), client, grant })
}

/** @throws AppError `conflict` when the app's settings lack the address */
export function requireUrl(url: string | null, what: string): string {
  if (url === null) throw new AppError('conflict', `The app has no ${what} yet.`)
  return url
}
