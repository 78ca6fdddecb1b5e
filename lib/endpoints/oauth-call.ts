import type { Database } from '#db/client'
import { type App, getAppByKey } from '#db/queries/apps'
import { takeTurn } from '#db/queries/throttles'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { AppError } from '#lib/errors'
import { keepRequest } from '#lib/flows/keep-request'
import { addressGroup } from '#lib/http/address-group'
import { callerAddress } from '#lib/http/caller-address'
import { describeError } from '#lib/http/failures'
import { maskHeaders } from '#lib/http/mask-headers'
import { openBody } from '#lib/http/read-body'
import { toRefusal } from '#lib/http/respond'
import { log } from '#lib/log'

const LIMIT = { bytes: 20_000, what: 'this address' }
/** Wrong clients from one address to one app: ten at once, then one in ten seconds. */
const STRANGERS = { everyMs: 10_000, burst: 10 }

/** A refusal as RFC 6749 words it (5.2). */
export class OAuthRefusal extends Error {
  override readonly name = 'OAuthRefusal'
  readonly code: string
  readonly status: number
  constructor(code: string, description: string, status = 400) {
    super(description)
    this.code = code
    this.status = status
  }
}

export type OAuthCall = { app: App; fields: Record<string, string> }

type Visit = { request: Request; appKey: string; deps: EndpointDeps }

/**
 * A call of Front's server to our OAuth server: finds the app, reads a form or JSON, and words whatever is refused as the
 * standard does. Refused calls are kept with the app, without their body, which holds secrets.
 */
export async function answerOAuthCall(visit: Visit, work: (call: OAuthCall) => Promise<object>): Promise<Response> {
  const { request, appKey, deps } = visit
  let app: App | null = null
  try {
    app = await getAppByKey(deps.db, appKey)
    if (!app) throw new OAuthRefusal('invalid_client', 'There is no app at this address.', 404)
    return answer(200, await work({ app, fields: await readFields(request) }))
  } catch (error) {
    const refusal = await slowStrangersDown(visit, app, toOAuthRefusal(error))
    if (app) await keepQuietly(visit, app, refusal)
    return refuse(refusal)
  }
}

async function readFields(request: Request): Promise<Record<string, string>> {
  const text = (await openBody(request).read(LIMIT)).toString('utf8')
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') return Object.fromEntries(new URLSearchParams(text))
  try {
    const given: unknown = JSON.parse(text)
    const entries = typeof given === 'object' && given !== null ? Object.entries(given) : []
    return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
  } catch {
    throw new OAuthRefusal('invalid_request', 'The body is not JSON.')
  }
}

function toOAuthRefusal(error: unknown): OAuthRefusal & { retryAfterS?: number } {
  if (error instanceof OAuthRefusal) return error
  const refusal = toRefusal(error)
  if (error instanceof AppError && refusal.status < 500) return new OAuthRefusal('invalid_request', refusal.message)
  log('error', 'endpoint.failed', { where: 'oauth', ...describeError(error) })
  return new OAuthRefusal('server_error', refusal.message, refusal.status)
}

async function slowStrangersDown({ request, deps }: Visit, app: App | null, refusal: OAuthRefusal) {
  if (!app || refusal.code !== 'invalid_client') return refusal
  const address = callerAddress(request.headers, deps.trustedProxies) ?? 'unknown'
  const { allowed, waitS } = await takeTurn(deps.db, { key: `oauth:${app.id}:${addressGroup(address)}`, ...STRANGERS })
  if (allowed) return refusal
  const slower = new OAuthRefusal('slow_down', 'Too many calls with a wrong client. Wait and check it.', 429)
  return Object.assign(slower, { retryAfterS: waitS })
}

async function keepQuietly({ request, deps }: Visit, app: App, { status, code, message }: OAuthRefusal): Promise<void> {
  try {
    await keepRefusal(deps.db, {
      appId: app.id,
      method: request.method,
      path: new URL(request.url).pathname,
      ip: callerAddress(request.headers, deps.trustedProxies),
      headers: maskHeaders(request.headers),
      status,
      code: `oauth_${code}`,
      message,
    })
  } catch (cause) {
    log('error', 'endpoint.request_not_kept', describeError(cause))
  }
}

type Kept = {
  appId: string
  method: string
  path: string
  ip: string | null
  headers: Record<string, string>
  status: number
  code: string
  message: string
}

function keepRefusal(db: Database, kept: Kept): Promise<boolean> {
  const nothing = { channelId: null, details: [], bodyExcerpt: null, bodyBytes: 0, messageId: null, durationMs: 0 }
  return keepRequest(db, { ...nothing, direction: 'outbound', ...kept })
}

function refuse(refusal: OAuthRefusal & { retryAfterS?: number }): Response {
  const response = answer(refusal.status, { error: refusal.code, error_description: refusal.message })
  if (refusal.status === 401) response.headers.set('www-authenticate', 'Basic realm="Patchbay"')
  if (refusal.retryAfterS !== undefined) response.headers.set('retry-after', String(Math.ceil(refusal.retryAfterS)))
  return response
}

function answer(status: number, body: object): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } })
}
