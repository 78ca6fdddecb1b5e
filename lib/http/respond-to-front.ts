import { type ErrorStatusMode, frontError } from '#lib/front/replies'
import { refusalHeaders, refusalOf } from '#lib/http/respond'

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
    const refusal = refusalOf(where, error)
    const { status, body } = frontError(refusal, answering)
    return Response.json(body, { status, headers: refusalHeaders(refusal) })
  }
}
