import OAuth2Server from '@node-oauth/oauth2-server'
import { z } from 'zod'
import type { Database } from '#db/client'
import type { App } from '#db/queries/apps'
import { AppError } from '#lib/errors'
import { checkRedirect } from '#lib/oauth/redirect-rule'
import { type Granted, oauthServer } from '#lib/oauth/server'

const text = z.string().max(2000)

/** What Front asks for when it leads a person here (F8). Front documents the address to come back to, and a state. */
export const authorizationRequest = z.object({
  redirect_uri: text,
  state: text.optional(),
  client_id: text.optional(),
  response_type: text.optional(),
  scope: text.optional(),
  code_challenge: text.optional(),
  code_challenge_method: text.optional(),
})
export type AuthorizationRequest = z.infer<typeof authorizationRequest>

type Asked = { app: App; ownOrigin: string | null; query: Record<string, unknown> }

/**
 * Reads what a browser brought along. A text says why nobody may be led back there: then nothing is asked and nobody is
 * sent anywhere.
 */
export function readAuthorization({ app, ownOrigin, query }: Asked): AuthorizationRequest | string {
  const parsed = authorizationRequest.safeParse(query)
  if (!parsed.success) return 'Front did not say where to come back to.'
  const { redirect_uri: uri, client_id: clientId, response_type: type } = parsed.data
  if (clientId !== undefined && clientId !== app.oauthClientId) return 'The client id is not the one of this app.'
  if (type !== undefined && type !== 'code') return 'Front asked for something else than a code.'
  const verdict = checkRedirect(uri, { hosts: app.redirectHosts, pinned: app.pinnedRedirectUri, ownOrigin })
  return verdict.ok ? parsed.data : `Patchbay does not lead back to that address. ${verdict.why}`
}

type Answer = {
  db: Database
  app: App
  ownOrigin: string | null
  request: AuthorizationRequest
  /** What the person allowed; null when they refused. */
  granted: Granted | null
  now: () => Date
}

/**
 * Where the browser goes on to: with a code that opens what the person allowed, or with their refusal.
 * @throws AppError `invalid_input` when the request could not be answered
 */
export async function answerAuthorization({ request, granted, ...place }: Answer): Promise<string> {
  const server = oauthServer({ ...place, at: 'authorize' })
  const asked = { ...request, client_id: place.app.oauthClientId, response_type: 'code' }
  const answer = new OAuth2Server.Response()
  const query = granted ? asked : { ...asked, allowed: 'false' }
  try {
    await server.authorize(new OAuth2Server.Request({ method: 'GET', headers: {}, query }), answer, {
      authenticateHandler: { handle: () => granted ?? { connectionId: '' } },
    })
  } catch (error) {
    if (!(error instanceof OAuth2Server.OAuthError)) throw error
    if (!answer.headers?.location) throw new AppError('invalid_input', error.message, { cause: error })
  }
  const location = answer.headers?.location
  if (!location) throw new AppError('invalid_input', 'The request of Front could not be answered.')
  return location
}
