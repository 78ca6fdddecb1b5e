import type { EndpointDeps } from '#lib/endpoints/deps'
import { findProviderEndpoint } from '#lib/endpoints/provider-routes'
import { receiveOutgoingEndpoint } from '#lib/endpoints/receive-outgoing'
import { AppError } from '#lib/errors'
import { respond } from '#lib/http/respond'

/** A public endpoint with what its URL says already filled in. */
export type Endpoint = (request: Request, deps: EndpointDeps) => Promise<Response>

const OUTGOING = /^\/api\/front\/custom\/([\w-]+)\/outgoing$/

/**
 * The busy public endpoints by method and path (without query), for a server that answers them in front of Next.
 * Null leaves the call to Next, which mounts the same functions.
 */
export function findEndpoint(method: string, path: string): Endpoint | null {
  if (!path.startsWith('/api/')) return null
  const outgoing = method === 'POST' ? OUTGOING.exec(path)?.[1] : undefined
  if (outgoing) return (request, deps) => receiveOutgoingEndpoint(request, { channelKey: outgoing }, deps)
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
