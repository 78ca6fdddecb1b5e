import OAuth2Server from '@node-oauth/oauth2-server'
import { findConnectionByToken } from '#db/queries/connections'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { answerOAuthCall, type OAuthCall, OAuthRefusal } from '#lib/endpoints/oauth-call'
import { oauthServer } from '#lib/oauth/server'
import { constantTimeEqual, hashToken } from '#lib/secrets'

/**
 * `POST /api/oauth/{appKey}/token`, also the refresh address (F9): grants `authorization_code`, `refresh_token`,
 * `client_credentials` and `password`. The client shows itself by Basic or in the body, a form or JSON.
 */
export function oauthTokenEndpoint(
  request: Request,
  { appKey }: { appKey: string },
  deps: EndpointDeps,
): Promise<Response> {
  return answerOAuthCall({ request, appKey, deps }, async ({ app, fields }) => {
    const server = oauthServer({ db: deps.db, app, ownOrigin: deps.sandboxOrigin, at: 'token', now: deps.now })
    const isKeyAlone = fields.grant_type === 'password' && !fields.client_id && !request.headers.has('authorization')
    const body = isKeyAlone ? { ...fields, client_id: app.oauthClientId } : fields
    const answer = new OAuth2Server.Response()
    try {
      await server.token(asForm(request, body), answer)
    } catch (error) {
      if (error instanceof OAuth2Server.OAuthError) throw toRefusal(error)
      throw error
    }
    return { ...answer.body }
  })
}

/**
 * `POST /api/oauth/{appKey}/introspect` (F10, RFC 7662): whether an access token is good, and what Front is to call the
 * channel that it opens. Whatever is unknown, ended or of another app is only not active.
 */
export function oauthIntrospectEndpoint(
  request: Request,
  { appKey }: { appKey: string },
  deps: EndpointDeps,
): Promise<Response> {
  return answerOAuthCall({ request, appKey, deps }, async ({ app, fields }) => {
    requireClient(request, { app, fields })
    if (!fields.token) throw new OAuthRefusal('invalid_request', 'The token is missing.')
    const found = await findConnectionByToken(deps.db, hashToken(fields.token))
    const isGood =
      found?.app.id === app.id &&
      found.token.purpose === 'access' &&
      found.token.expiresAt !== null &&
      found.token.expiresAt > deps.now() &&
      found.connection.revokedAt === null
    if (!isGood) return { active: false }
    const { id, name, address } = found.connection
    return app.credentials === 'shared'
      ? { active: true, resource_owner_id: id, resource_owner_name: name }
      : { active: true, front_channel_name: name, front_channel_address: address ?? id }
  })
}

/** The library takes forms only; what came as JSON goes on as one. */
function asForm(request: Request, body: Record<string, string>): OAuth2Server.Request {
  const authorization = request.headers.get('authorization')
  return new OAuth2Server.Request({
    method: request.method,
    query: {},
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': '1',
      ...(authorization ? { authorization } : {}),
    },
  })
}

const SENTENCE = /^[A-Z][a-z ]+: /

/** A client that is not ours has status 401 whichever way it came. */
function toRefusal({ name, message, code }: OAuth2Server.OAuthError): OAuthRefusal {
  return new OAuthRefusal(name, message.replace(SENTENCE, ''), name === 'invalid_client' ? 401 : code)
}

/** @throws OAuthRefusal 401 unless the app's client showed itself by Basic or in the body */
function requireClient({ headers }: Request, { app, fields }: OAuthCall): void {
  const basic = /^Basic +([\w+/=-]+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const [, basicId = '', basicSecret = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(basic ?? '', 'base64').toString('utf8')) ?? []
  const id = basic ? basicId : (fields.client_id ?? '')
  const secret = basic ? basicSecret : (fields.client_secret ?? '')
  const known = app.oauthClientSecretHash
  if (id !== app.oauthClientId || known === null || !constantTimeEqual(known, hashToken(secret))) {
    throw new OAuthRefusal('invalid_client', 'The client id or secret is not right.', 401)
  }
}
