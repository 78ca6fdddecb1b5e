import type { Database } from '#db/client'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { type GrantChoice, grantConnection } from '#lib/flows/grant-connection'
import type { AuthorizationRequest } from '#lib/oauth/authorization'
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

type Allowance = Partial<AuthorizationRequest> & { choice?: GrantChoice; now?: Date }

/** A person allows a new channel, or what is told; where their browser is led and the code that Front finds there. */
export async function allow(db: Database, app: Pick<App, 'id'>, { choice, now, ...request }: Allowance = {}) {
  const location = await grantConnection(db, {
    appId: app.id,
    request: { redirect_uri: REDIRECT, ...request },
    choice: choice ?? { kind: 'new', name: 'Shop chat', address: null },
    ownOrigin: null,
    actor: 'mina@example.com',
    now: now ?? new Date(),
  })
  return { location, code: new URL(location).searchParams.get('code') ?? '' }
}

export const basicOf = (app: Pick<App, 'oauthClientId'>, secret = CLIENT_SECRET) => basic(app.oauthClientId, secret)

export const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

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

/** An app's OAuth addresses as Front's server calls them. */
export function asFront(deps: EndpointDeps, app: App) {
  return {
    exchange: (code: string, more: Record<string, string> = {}, ask: Ask = {}) =>
      askOAuth(deps, app, 'token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...more }, ask),
    refresh: (token: string, ask: Ask = {}) =>
      askOAuth(deps, app, 'token', { grant_type: 'refresh_token', refresh_token: token }, ask),
    introspect: (token: string, ask: Ask = {}) => askOAuth(deps, app, 'introspect', { token }, ask),
    ask: (fields: Record<string, string>, ask: Ask = {}) => askOAuth(deps, app, 'token', fields, ask),
  }
}

/** Status and error of an answer, such as `400 invalid_grant`. */
export const told = ({ status, json }: { status: number; json: { error?: string } }) =>
  json.error ? `${status} ${json.error}` : `${status}`
