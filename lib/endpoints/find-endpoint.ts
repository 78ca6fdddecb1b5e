import { appEventsEndpoint } from '#lib/endpoints/app-events'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { oauthIntrospectEndpoint, oauthTokenEndpoint } from '#lib/endpoints/oauth-token'
import { findProviderEndpoint } from '#lib/endpoints/provider-routes'
import { receiveOutgoingEndpoint } from '#lib/endpoints/receive-outgoing'
import { AppError } from '#lib/errors'
import { respond } from '#lib/http/respond'

/** A public endpoint with what its URL says already filled in. */
export type Endpoint = (request: Request, deps: EndpointDeps) => Promise<Response>

const TOKEN = /^\/api\/oauth\/([\w-]+)\/token$/
const INTROSPECT = /^\/api\/oauth\/([\w-]+)\/introspect$/
const APP = /^\/api\/front\/apps\/([\w-]+)(?:\/channels\/([\w-]+))?$/
const OUTGOING = /^\/api\/front\/custom\/([\w-]+)\/outgoing$/

/**
 * The busy public endpoints by method and path (without query), for a server that answers them in front of Next.
 * Null leaves the call to Next, which mounts the same functions.
 */
export function findEndpoint(method: string, path: string): Endpoint | null {
  if (!path.startsWith('/api/')) return null
  const [, appKey, channelKey] = APP.exec(path) ?? []
  if (appKey) return (request, deps) => appEventsEndpoint(request, { appKey, channelKey }, deps)
  const outgoing = method === 'POST' ? OUTGOING.exec(path)?.[1] : undefined
  if (outgoing) return (request, deps) => receiveOutgoingEndpoint(request, { channelKey: outgoing }, deps)
  const tokenOf = method === 'POST' ? TOKEN.exec(path)?.[1] : undefined
  if (tokenOf) return (request, deps) => oauthTokenEndpoint(request, { appKey: tokenOf }, deps)
  const introspected = method === 'POST' ? INTROSPECT.exec(path)?.[1] : undefined
  if (introspected) return (request, deps) => oauthIntrospectEndpoint(request, { appKey: introspected }, deps)
  return findProviderEndpoint(method, path)
}

/** The same for Next: ids in the path are read in one place, however they are escaped. */
export function answerByPath(request: Request, deps: EndpointDeps): Promise<Response> {
  const endpoint = findEndpoint(request.method, new URL(request.url).pathname)
  if (endpoint) return endpoint(request, deps)
  return respond('path', () => {
    throw new AppError('not_found', 'There is nothing at this address.')
  })
}
