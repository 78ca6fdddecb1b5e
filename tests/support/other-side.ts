import type { HttpAnswer, HttpFailure, HttpRequest, HttpResult, SendHttp } from '#lib/http/send'

type Scripted = Partial<HttpAnswer> | { failure: HttpFailure }

/** A stand-in for whatever is at the other end of the wire: answers as scripted, and keeps what it was sent. */
export function otherSide(answers: (request: HttpRequest, n: number) => Scripted): {
  send: SendHttp
  seen: HttpRequest[]
} {
  const seen: HttpRequest[] = []
  const send: SendHttp = async (request) => {
    seen.push(request)
    const scripted = answers(request, seen.length)
    const taken = { durationMs: 5, ip: '192.0.2.7', requestHeaders: request.headers }
    if ('failure' in scripted) return { ...taken, answer: null, failure: scripted.failure } satisfies HttpResult
    const body = scripted.body ?? ''
    const answer = { status: 200, headers: {}, bytes: body.length, cut: false, ...scripted, body }
    return { ...taken, answer, failure: null } satisfies HttpResult
  }
  return { send, seen }
}

export const timedOut: Scripted = {
  failure: { code: 'timeout_answer', message: 'No answer within 15 seconds.', mayHaveArrived: true },
}

export const refused: Scripted = {
  failure: { code: 'refused', message: 'The connection was refused.', mayHaveArrived: false },
}
