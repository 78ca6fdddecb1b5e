import type { Database } from '#db/client'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { grantConnection } from '#lib/flows/grant-connection'
import { type AuthorizationRequest, answerAuthorization } from '#lib/oauth/authorization'
import { hashToken } from '#lib/secrets'
import { type App, createApp } from '#tests/support/applications'
import { call, KEYS } from '#tests/support/door'

export const CLIENT_SECRET = 'pbs_test_secret'
export const REDIRECT = 'https://app.frontapp.com/oauth/callback'

/** An app whose people sign in by OAuth, with a client secret that Front knows. */
export function createOAuthApp(db: Database, more: Partial<App> = {}): Promise<App> {
  return createApp(db, {
    keys: KEYS,
    authMethod: 'oauth',
    oauthClientSecretHash: hashToken(CLIENT_SECRET),
    ...more,
  })
}

/** A person allows a new channel; the code that Front gets. */
export async function allow(db: Database, app: App, more: Partial<AuthorizationRequest> & { name?: string } = {}) {
  const { name = 'Shop chat', ...request } = more
  const now = new Date()
  const choice = { kind: 'new' as const, name, address: null }
  const granted = await grantConnection(db, { app, choice, actor: 'mina@example.com', now })
  const asked = { redirect_uri: REDIRECT, ...request }
  const location = await answerAuthorization({ db, app, ownOrigin: null, request: asked, granted, now: () => now })
  return { location: new URL(location), code: new URL(location).searchParams.get('code') ?? '', ...granted }
}

export const basicOf = (app: Pick<App, 'oauthClientId'>, secret = CLIENT_SECRET) =>
  `Basic ${Buffer.from(`${app.oauthClientId}:${secret}`).toString('base64')}`

type Ask = { as?: 'form' | 'json'; authorization?: string | null }

/** A post of Front's server to one of an app's OAuth addresses. */
export function askOAuth(
  deps: EndpointDeps,
  app: Pick<App, 'key' | 'oauthClientId'>,
  address: 'token' | 'introspect',
  fields: Record<string, string>,
  { as = 'form', authorization = basicOf(app) }: Ask = {},
) {
  const type = as === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  return call(deps, `/api/oauth/${app.key}/${address}`, {
    headers: { 'content-type': type, ...(authorization ? { authorization } : {}) },
    body: as === 'form' ? new URLSearchParams(fields).toString() : JSON.stringify(fields),
  })
}
