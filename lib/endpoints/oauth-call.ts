import { type App, getAppByKey } from '#db/queries/apps'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { type Keep, keepCall, keepRefusal, slowStrangersDown } from '#lib/endpoints/keep-call'
import { AppError } from '#lib/errors'
import { describeError } from '#lib/http/failures'
import { openBody, type RequestBody } from '#lib/http/read-body'
import { refusalHeaders, toRefusal } from '#lib/http/respond'
import { log } from '#lib/log'
import { OAuthRefusal } from '#lib/oauth/refusal'

const LIMIT = { bytes: 20_000, what: 'this address' }

export type OAuthCall = { app: App; fields: Record<string, string> }

type Visit = { request: Request; appKey: string; deps: EndpointDeps }

/**
 * A call of Front's server to our OAuth server: finds the app, reads a form or JSON, and words whatever is refused as the
 * standard does. Refused calls are kept with the app, without their body, which holds secrets.
 */
export async function answerOAuthCall(visit: Visit, work: (call: OAuthCall) => Promise<object>): Promise<Response> {
  const { request, appKey, deps } = visit
  try {
    const startedAt = deps.now()
    const app = await getAppByKey(deps.db, appKey)
    if (!app) throw new OAuthRefusal('invalid_client', 'There is no app at this address.', { status: 404 })
    const body = openBody(request)
    const place = { channelId: null, appId: app.id, direction: 'outbound' as const }
    const keep: Keep = (verdict) => keepCall({ request, body, deps, startedAt, place, hidesBody: true }, verdict)
    try {
      return answer(200, await work({ app, fields: await readFields(request, body) }))
    } catch (error) {
      throw await refuseAndKeep({ ...visit, app, keep }, error)
    } finally {
      await body.close()
    }
  } catch (error) {
    return refuse(toOAuthRefusal(error))
  }
}

async function readFields({ headers }: Request, body: RequestBody): Promise<Record<string, string>> {
  const text = (await body.read(LIMIT)).toString('utf8')
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (!/^application\/([\w.-]+\+)?json$/.test(type)) return Object.fromEntries(new URLSearchParams(text))
  const given = parse(text)
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : []
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('bad_request', 'The body is not JSON.', { cause })
  }
}

/** The refusal to answer with, after it was written down. Whoever guesses is told to wait. */
async function refuseAndKeep({ request, deps, app, keep }: Visit & { app: App; keep: Keep }, error: unknown) {
  let refusal = toOAuthRefusal(error)
  if (refusal.status === 401) {
    const stranger = new AppError('unauthenticated', refusal.message)
    await slowStrangersDown({ request, deps, id: app.id }, stranger).catch((slower: unknown) => {
      refusal = toOAuthRefusal(slower)
    })
  }
  const { status, code, message } = refusal
  await keepRefusal(keep, error, { status, code: `oauth_${code}`, message, details: [] })
  return refusal
}

function toOAuthRefusal(error: unknown): OAuthRefusal {
  if (error instanceof OAuthRefusal) return error
  const { status, message, retryAfterS } = toRefusal(error)
  if (status < 500)
    return new OAuthRefusal(status === 429 ? 'slow_down' : 'invalid_request', message, { status, retryAfterS })
  log('error', 'endpoint.failed', { where: 'oauth', ...describeError(error) })
  return new OAuthRefusal('server_error', message, { status, retryAfterS })
}

function refuse(refusal: OAuthRefusal): Response {
  const { status, code, message } = refusal
  const response = answer(status, { error: code, error_description: message })
  if (status === 401) response.headers.set('www-authenticate', 'Basic realm="Patchbay"')
  for (const [name, value] of refusalHeaders(refusal)) response.headers.set(name, value)
  return response
}

function answer(status: number, body: object): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } })
}
