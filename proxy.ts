import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { env } from '#lib/env'
import { pageHeaders } from '#lib/http/page-headers'
import { IDLE_S, renewSession, sessionCookie, sessionSecret } from '#lib/sessions'

/** Pages only: public endpoints take large bodies and answer machines, and static files need none of this. */
export const config = {
  matcher: ['/((?!api/|_next/|sandbox/front/|sandbox/provider/|favicon|.*\\.(?:png|svg|ico|txt|webmanifest)$).*)'],
}

/** Gives every page its security headers and the nonce they name, its own address, and a session in use a new day. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { PUBLIC_URL, NODE_ENV } = env()
  const nonce = randomBytes(16).toString('base64')
  const answerHeaders = pageHeaders({
    nonce,
    https: PUBLIC_URL.startsWith('https:'),
    development: NODE_ENV === 'development',
    leadsOut: becomesConsent(request.nextUrl),
  })
  const headers = new Headers(request.headers)
  // Next puts the nonce of this header on its own scripts; app/layout.tsx reads `x-nonce` for its one.
  headers.set('content-security-policy', answerHeaders['content-security-policy'])
  headers.set('x-nonce', nonce)
  headers.set('x-patchbay-path', askedPath(request))
  const response = NextResponse.next({ request: { headers } })
  for (const [name, value] of Object.entries(answerHeaders)) response.headers.set(name, value)
  await renew(request, response)
  return response
}

const CONSENT = '/oauth/'

/** Signing in turns into the page that was asked for without a new load, and what a document may do is settled by its load. */
function becomesConsent({ pathname, searchParams }: URL): boolean {
  return pathname.startsWith(CONSENT) || (pathname === '/login' && (searchParams.get('next') ?? '').startsWith(CONSENT))
}

function askedPath({ nextUrl }: NextRequest): string {
  const query = new URLSearchParams(nextUrl.searchParams)
  // Next's own mark of a page that is fetched for a link.
  query.delete('_rsc')
  return query.size > 0 ? `${nextUrl.pathname}?${query}` : nextUrl.pathname
}

async function renew(request: NextRequest, response: NextResponse): Promise<void> {
  const { name, options } = sessionCookie(env())
  const token = request.cookies.get(name)?.value
  // Not on a POST, which may be the one that signs out or starts another session.
  if (!token || request.method !== 'GET') return
  const renewed = await renewSession(token, { secret: sessionSecret(env()), now: new Date() })
  if (renewed) response.cookies.set(name, renewed, { ...options, maxAge: IDLE_S })
}
