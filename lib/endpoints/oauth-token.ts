import { findAccess } from '#db/queries/oauth-tokens'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { answerOAuthCall, type OAuthCall } from '#lib/endpoints/oauth-call'
import { exchangeToken } from '#lib/flows/exchange-token'
import { readClient } from '#lib/oauth/client'
import { ACCESS_LIFETIME_S } from '#lib/oauth/model'
import { OAuthRefusal, wrongClient } from '#lib/oauth/refusal'
import { constantTimeEqual, hashToken } from '#lib/secrets'

type Params = { appKey: string }

/**
 * `POST /api/oauth/{appKey}/token`, also the refresh address (F9): grants `authorization_code`, `refresh_token`,
 * `client_credentials` and `password`. The client shows itself by Basic or in the body, a form or JSON.
 */
export function oauthTokenEndpoint(request: Request, { appKey }: Params, deps: EndpointDeps): Promise<Response> {
  return answerOAuthCall({ request, appKey, deps }, async ({ app, fields }) => {
    const client = readClient(request.headers.get('authorization'), fields)
    const exchange = { app, client, fields, ownOrigin: deps.sandboxOrigin, now: deps.now() }
    const { accessToken, refreshToken } = await exchangeToken(deps.db, exchange)
    const refresh = refreshToken === null ? {} : { refresh_token: refreshToken }
    return { access_token: accessToken, ...refresh, token_type: 'Bearer', expires_in: ACCESS_LIFETIME_S }
  })
}

/**
 * `POST /api/oauth/{appKey}/introspect` (F10, RFC 7662): whether an access token is good, and what Front is to call the
 * channel that it opens. Whatever is unknown, ended or of another app is only not active.
 */
export function oauthIntrospectEndpoint(request: Request, { appKey }: Params, deps: EndpointDeps): Promise<Response> {
  return answerOAuthCall({ request, appKey, deps }, async ({ app, fields }) => {
    requireClient(request, { app, fields })
    if (!fields.token) throw new OAuthRefusal('invalid_request', 'The token is missing.')
    const shown = { appId: app.id, tokenHash: hashToken(fields.token), now: deps.now() }
    const found = await findAccess(deps.db, shown)
    if (!found) return { active: false }
    return app.credentials === 'shared'
      ? { active: true, resource_owner_id: found.connectionId, resource_owner_name: found.connectionName }
      : { active: true, front_channel_name: found.channelName, front_channel_address: found.channelAddress }
  })
}

/** @throws OAuthRefusal 401 unless the app's client showed itself by Basic or in the body */
function requireClient({ headers }: Request, { app, fields }: OAuthCall): void {
  const { id, secret } = readClient(headers.get('authorization'), fields)
  const known = app.oauthClientSecretHash
  const isOurs = (id ?? app.oauthClientId) === app.oauthClientId
  if (!isOurs || secret === null || known === null || !constantTimeEqual(known, hashToken(secret))) throw wrongClient()
}
