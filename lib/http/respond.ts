import { AppError, type ErrorDetail } from '#lib/errors'
import { describeError, isDatabaseOutage } from '#lib/http/failures'
import { log } from '#lib/log'

const OUTAGE_RETRY_AFTER_S = 5

/** What the caller of a public endpoint is told: never more than this. */
export type Refusal = { status: number; code: string; message: string; details: ErrorDetail[]; retryAfterS?: number }

/** Runs an endpoint; whatever it throws becomes a typed answer. */
export async function respond(where: string, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    return refuse(refusalOf(where, error))
  }
}

/** What the caller is told of an error; one that nobody expected is logged first. */
export function refusalOf(where: string, error: unknown): Refusal {
  const refusal = toRefusal(error)
  if (refusal.status >= 500 && !(error instanceof AppError)) {
    log('error', 'endpoint.failed', { where, ...describeError(error) })
  }
  return refusal
}

/** The one mapper from errors to answers. A bug or an outage is told without a word of what went wrong inside. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof AppError) {
    const { status, code, message, details, retryAfterS } = error
    return { status, code, message, details, ...(retryAfterS === undefined ? {} : { retryAfterS }) }
  }
  if (isDatabaseOutage(error)) {
    const message = 'Patchbay cannot reach its database right now. Nothing was accepted: send it again.'
    return { status: 503, code: 'unavailable', message, details: [], retryAfterS: OUTAGE_RETRY_AFTER_S }
  }
  const message = 'Something went wrong inside Patchbay. Nothing was accepted: send it again.'
  return { status: 500, code: 'internal_error', message, details: [] }
}

export function refuse(refusal: Refusal): Response {
  const { status, code, message, details } = refusal
  return Response.json({ error: { code, message, details } }, { status, headers: refusalHeaders(refusal) })
}

/** By the refusal's own status, whatever status the answer carries. */
export function refusalHeaders({ status, retryAfterS }: Pick<Refusal, 'status' | 'retryAfterS'>): Headers {
  const headers = new Headers({ 'cache-control': 'no-store' })
  if (retryAfterS !== undefined) headers.set('retry-after', String(Math.max(1, Math.ceil(retryAfterS))))
  // Whatever is left of the body stays unread, so the connection cannot be used again.
  if (status === 413) headers.set('connection', 'close')
  return headers
}
