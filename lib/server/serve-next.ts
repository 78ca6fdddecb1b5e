import type { RequestListener } from 'node:http'

export type NextServer = { listener: RequestListener; close: () => Promise<void> }

/** Next within our own server. NODE_ENV must be right before the first import of Next or React. */
export async function serveNext(options: { dir: string; dev: boolean; port: number }): Promise<NextServer> {
  const { default: next } = await import('next')
  const app = next({ ...options, hostname: 'localhost' })
  await app.prepare()
  const handle = app.getRequestHandler()
  return {
    // A public endpoint can be answered here, in front of Next, by the same function that its route.ts mounts.
    listener: (request, response) => void handle(request, response),
    close: () => app.close(),
  }
}
