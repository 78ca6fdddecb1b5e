import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type EndpointDeps, endpointDeps } from '#lib/endpoints/deps'
import { type Endpoint, findEndpoint } from '#lib/endpoints/find-endpoint'
import { describeError } from '#lib/http/failures'
import { log } from '#lib/log'

/**
 * A caller who is still uploading when it is refused reads the answer once it is done. Closing at once would reset the
 * connection and take the answer with it, so what comes is read and dropped, this much and this long.
 */
const LINGER = { bytes: 64_000_000, ms: 10_000 }

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
    outgoing.write(body)
    if (response.headers.get('connection') === 'close') await readOn(incoming)
    outgoing.end()
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

function toWebStream(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = incoming.iterator({ destroyOnReturn: false })
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    // Not destroyed: its connection still carries the answer.
    cancel() {
      void chunks.return?.()
    },
  }
  // Nothing is read ahead, so nothing waits for a caller who has stopped sending.
  return new ReadableStream(source, { highWaterMark: 0 })
}

async function readOn(incoming: IncomingMessage): Promise<void> {
  if (incoming.complete || incoming.destroyed) return
  let dropped = 0
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LINGER.ms)
    incoming.on('data', (chunk: Buffer) => {
      dropped += chunk.length
      if (dropped > LINGER.bytes) resolve()
    })
    incoming.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    incoming.resume()
  })
}
