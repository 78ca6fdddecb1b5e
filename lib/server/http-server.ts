import { createServer, type RequestListener } from 'node:http'
import { AppError } from '#lib/errors'
import { appendPeer } from '#lib/server/forwarded-for'
import { hasCode } from '#lib/server/processes'

/** Longer than the load balancers in front of us keep a connection, or they would reuse one that we just closed. */
const KEEP_ALIVE_MS = 75_000
const CLOSE_IDLE_EVERY_MS = 50

export type HttpServer = {
  port: number
  /** From now on requests are answered by this instead of "starting". */
  answerWith: (listener: RequestListener) => void
  /** Accepts nothing new and finishes what is in flight; cuts what is left after the limit. */
  drain: (limitMs: number) => Promise<void>
}

/**
 * Takes the port at once, so that a taken one is known before anything else starts, and answers 503 until there is
 * something better to say.
 * @throws AppError when the port can't be had
 */
export async function listen(port: number, host: string | undefined): Promise<HttpServer> {
  let answer: RequestListener = answerStarting
  const server = createServer((request, response) => {
    appendPeer(request)
    answer(request, response)
  })
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(explain(cause, port, host)))
    server.listen({ port, host }, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    answerWith: (listener) => {
      answer = listener
    },
    drain: async (limitMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const closeIdle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS)
      const cut = setTimeout(() => server.closeAllConnections(), limitMs)
      await closed
      clearInterval(closeIdle)
      clearTimeout(cut)
    },
  }
}

const answerStarting: RequestListener = (_request, response) => {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '5' })
  response.end('Patchbay is starting. Try again in a few seconds.\n')
}

function explain(cause: Error, port: number, host: string | undefined): AppError {
  if (hasCode(cause, 'EADDRINUSE')) {
    const message = `Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`
    return new AppError('conflict', message, { cause })
  }
  const place = host ? `${host}:${port}` : `port ${port}`
  return new AppError('unavailable', `Patchbay can't listen on ${place}: ${cause.message}`, { cause })
}
