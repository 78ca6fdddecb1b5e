import type { ErrorClass } from '#lib/delivery/error-classes'

export type Judgement = {
  verdict: 'delivered' | 'try_again' | 'give_up'
  errorClass: ErrorClass | null
  /** The other side may have taken the message in although we have no proof. */
  answerLost: boolean
}

/** The content itself is at fault: the same message will be refused again. */
const REFUSED_CONTENT = new Set([400, 405, 406, 413, 414, 415, 422, 431])

/** A proxy gave up on an upstream that may have done the work. */
const ANSWER_LOST = new Set([408, 502, 504, 524])

/**
 * What an HTTP status means for a delivery. Refusals that a person can mend at the other side (401, 403, 404, redirects)
 * are tried again on the schedule, so that a corrected token or address needs no further click.
 */
export function judgeStatus(status: number): Judgement {
  if (status >= 200 && status < 300) return { verdict: 'delivered', errorClass: null, answerLost: false }
  if (status === 410) return { verdict: 'give_up', errorClass: 'gone', answerLost: false }
  if (REFUSED_CONTENT.has(status)) return { verdict: 'give_up', errorClass: 'refused_content', answerLost: false }
  return { verdict: 'try_again', errorClass: classOfStatus(status), answerLost: ANSWER_LOST.has(status) }
}

function classOfStatus(status: number): ErrorClass {
  if (status === 429) return 'rate_limited'
  if (status === 401 || status === 403 || status === 407) return 'credentials'
  if (status === 404) return 'not_found'
  if (status >= 300 && status < 400) return 'redirect'
  if (status === 408 || status >= 500) return 'server_error'
  return 'unexpected_answer'
}

/** What a failure on the wire means. An address that may not be called stays so: nothing to try again. */
export function judgeWireError(error: ErrorClass, mayHaveArrived: boolean): Judgement {
  const hopeless = error === 'bad_url' || error === 'blocked_address'
  return { verdict: hopeless ? 'give_up' : 'try_again', errorClass: error, answerLost: mayHaveArrived }
}
