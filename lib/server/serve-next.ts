import type { RequestListener } from 'node:http'
import { endpointListener } from '#lib/endpoints/node-listener'

export type NextServer = { listener: RequestListener; close: () => Promise<void> }

type Options = { dir: string; dev: boolean; port: number; inFront: boolean }

/**
 * Next within our own server. NODE_ENV must be right before the first import of Next or React.
 * @param inFront busy public endpoints are answered without Next
 */
export async function serveNext({ inFront, ...options }: Options): Promise<NextServer> {
  const { default: next } = await import('next')
  const app = next({ ...options, hostname: 'localhost', quiet: true })
  await app.prepare()
  const handle = app.getRequestHandler()
  return {
    listener: endpointListener({ next: (request, response) => void handle(request, response), inFront }),
    close: () => app.close(),
  }
}
