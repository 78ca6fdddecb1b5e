import type { APIRequestContext, Page, Request } from '@playwright/test'

/** What the browser would have sent to run a server action. */
export type CopiedAction = { url: string; headers: Record<string, string>; body: Buffer }

/** Does something on a page that runs a server action, keeps what the browser sends for it, and lets none of it out. */
export async function copyAction(page: Page, act: () => Promise<void>): Promise<CopiedAction> {
  const isAction = (request: Request) => request.method() === 'POST' && 'next-action' in request.headers()
  await page.route('**', (route) => (isAction(route.request()) ? route.abort() : route.continue()))
  const [request] = await Promise.all([page.waitForRequest(isAction), act()])
  await page.unrouteAll({ behavior: 'wait' })
  const { 'next-action': action = '', 'content-type': type = '' } = request.headers()
  const body = request.postDataBuffer() ?? Buffer.alloc(0)
  return { url: request.url(), headers: { 'next-action': action, 'content-type': type }, body }
}

/** Sends it as whoever `request` is signed in as. */
export function sendCopied(request: APIRequestContext, { url, headers, body }: CopiedAction) {
  return request.post(url, { headers: { ...headers, origin: new URL(url).origin }, data: body, maxRedirects: 0 })
}
