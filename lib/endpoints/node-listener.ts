import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { type EndpointDeps, endpointDeps } from '#lib/endpoints/deps'
import { type Endpoint, findEndpoint } from '#lib/endpoints/find-endpoint'
import { describeError } from '#lib/http/failures'
import { log } from '#lib/log'

type Options = {
  /** Answers everything else. */
  next: RequestListener
  /** In development Next answers all of it, so that a change shows without a new start. */
  inFront: boolean
  deps?: EndpointDeps
}

/**
 * Answers the busy public endpoints in front of Next, several times as fast, by the functions that Next mounts too. The
 * server has put the peer's address at the end of X-Forwarded-For, where `callerAddress` looks for it.
 */
export function endpointListener({ next, inFront, deps = endpointDeps(deferHere) }: Options): RequestListener {
  return (incoming, outgoing) => {
    const [path = '/'] = (incoming.url ?? '/').split('?', 1)
    const endpoint = inFront ? findEndpoint(incoming.method ?? 'GET', path) : null
    if (endpoint) void answer({ incoming, outgoing, endpoint, deps })
    else next(incoming, outgoing)
  }
}

function deferHere(work: () => Promise<void>): void {
  setImmediate(() => {
    work().catch((error) => log('error', 'endpoint.deferred_failed', describeError(error)))
  })
}

type Exchange = { incoming: IncomingMessage; outgoing: ServerResponse; endpoint: Endpoint; deps: EndpointDeps }

async function answer({ incoming, outgoing, endpoint, deps }: Exchange): Promise<void> {
  try {
    const response = await endpoint(toRequest(incoming), deps)
    // These endpoints answer a few hundred bytes, so the body need not be streamed.
    const body = Buffer.from(await response.arrayBuffer())
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), 'content-length': body.length })
    outgoing.end(body)
  } catch (error) {
    log('error', 'endpoint.broke_off', describeError(error))
    outgoing.destroy()
  }
}

function toRequest(incoming: IncomingMessage): Request {
  const method = incoming.method ?? 'GET'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one)
  }
  // The host is the caller's word, so nothing reads it: URLs that we hand out come from PUBLIC_URL.
  const url = new URL(incoming.url ?? '/', 'http://localhost')
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  const init: RequestInit & { duplex: 'half' } = { method, headers, body: toWebStream(incoming), duplex: 'half' }
  return new Request(url, init)
}

/** Node's own type of a web stream and the DOM's describe the same object. */
function toWebStream(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  return Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>
}
