import { AppError } from '#lib/errors'
import { type ErrorStatusMode, frontError } from '#lib/front/replies'
import { describeError } from '#lib/http/failures'
import { toRefusal } from '#lib/http/respond'
import { log } from '#lib/log'

export type FrontAnswering = {
  /** Of the app, once it is known. */
  mode: ErrorStatusMode
  /** The call was verified and understood: from then on a refusal is something to show to a teammate. */
  isRead: boolean
}

/**
 * Runs an endpoint that Front calls for an app; whatever it throws becomes a typed error that Front shows to teammates.
 * `answering` is read when it is needed, so that the endpoint can say how far it got.
 */
export async function respondToFront(
  where: string,
  answering: FrontAnswering,
  work: () => Promise<Response>,
): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    const refusal = toRefusal(error)
    if (refusal.status >= 500 && !(error instanceof AppError)) {
      log('error', 'endpoint.failed', { where, ...describeError(error) })
    }
    const { status, body } = frontError(refusal, answering)
    const headers = new Headers({ 'cache-control': 'no-store' })
    if (refusal.retryAfterS !== undefined)
      headers.set('retry-after', String(Math.max(1, Math.ceil(refusal.retryAfterS))))
    // Whatever is left of the body stays unread, so the connection cannot be used again.
    if (refusal.status === 413) headers.set('connection', 'close')
    return Response.json(body, { status, headers })
  }
}
