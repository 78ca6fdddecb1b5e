import { z } from 'zod'
import type { App } from '#db/queries/apps'
import { checkRedirect } from '#lib/oauth/redirect-rule'

const text = z.string().max(2000)

/** What Front asks for when it leads a person here (F8). Front documents the address to come back to, and a state. */
const authorizationRequest = z.object({
  redirect_uri: text.min(1),
  state: z.string().max(4000).optional(),
  client_id: text.optional(),
  response_type: text.optional(),
  scope: text.optional(),
  code_challenge: text.optional(),
  code_challenge_method: text.optional(),
})
export type AuthorizationRequest = z.infer<typeof authorizationRequest>

type Asked = {
  app: Pick<App, 'oauthClientId' | 'redirectHosts' | 'pinnedRedirectUri'>
  ownOrigin: string | null
  query: Record<string, unknown>
}

/**
 * Reads what a browser brought along. A text says why nobody may be led back there: then nothing is asked and nobody is
 * sent anywhere.
 */
export function readAuthorization({ app, ownOrigin, query }: Asked): AuthorizationRequest | string {
  const parsed = authorizationRequest.safeParse(query)
  if (!parsed.success) return describeFault(parsed.error)
  const { redirect_uri: uri, client_id: clientId, response_type: type } = parsed.data
  if (clientId && clientId !== app.oauthClientId) return 'The client ID in Front is not the one of this app.'
  if (type && type !== 'code') return 'Front asked for something else than a code.'
  const verdict = checkRedirect(uri, { hosts: app.redirectHosts, pinned: app.pinnedRedirectUri, ownOrigin })
  return verdict.ok ? parsed.data : `Patchbay does not lead back to the address that the link names. ${verdict.why}`
}

function describeFault({ issues }: z.ZodError): string {
  const field = String(issues[0]?.path[0])
  return field === 'redirect_uri'
    ? 'The link does not say, once and clearly, where in Front to come back to (redirect_uri).'
    : `The link holds “${field}” more than once, or it is too long.`
}

/** The address that Front named, untouched, with an answer added: a code or an error, and the state as it came. */
export function leadBack({ redirect_uri: uri, state }: AuthorizationRequest, answer: Record<string, string>): string {
  const parameters = Object.entries({ ...answer, ...(state === undefined ? {} : { state }) })
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return `${uri}${uri.includes('?') ? '&' : '?'}${query}`
}
