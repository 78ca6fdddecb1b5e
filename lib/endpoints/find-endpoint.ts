import type { EndpointDeps } from '#lib/endpoints/deps'
import { messageStatusEndpoint } from '#lib/endpoints/message-status'
import { receiveIncomingEndpoint } from '#lib/endpoints/receive-incoming'
import { receiveOutgoingEndpoint } from '#lib/endpoints/receive-outgoing'

/** A public endpoint with what its URL says already filled in. */
export type Endpoint = (request: Request, deps: EndpointDeps) => Promise<Response>

const INCOMING = /^\/api\/channels\/([\w-]+)\/incoming$/
const STATUS = /^\/api\/channels\/([\w-]+)\/messages\/([\w-]+)$/
const OUTGOING = /^\/api\/front\/custom\/([\w-]+)\/outgoing$/

/**
 * The busy public endpoints by method and path (without query), for a server that answers them in front of Next.
 * Null leaves the call to Next, which mounts the same functions.
 */
export function findEndpoint(method: string, path: string): Endpoint | null {
  if (!path.startsWith('/api/')) return null
  const incoming = method === 'POST' ? INCOMING.exec(path)?.[1] : undefined
  if (incoming) return (request, deps) => receiveIncomingEndpoint(request, { channelKey: incoming }, deps)
  const outgoing = method === 'POST' ? OUTGOING.exec(path)?.[1] : undefined
  if (outgoing) return (request, deps) => receiveOutgoingEndpoint(request, { channelKey: outgoing }, deps)
  const [, channelKey, messageId] = (method === 'GET' && STATUS.exec(path)) || []
  if (!channelKey || !messageId) return null
  return (request, deps) => messageStatusEndpoint(request, { channelKey, messageId }, deps)
}
