import { type Dispatcher, errors } from 'undici'
import { classifyError, describeFailure } from '#lib/http/classify-error'
import { collectAnswer } from '#lib/http/collect-answer'
import { encodeBody } from '#lib/http/encode-body'
import type { GuardedAgent } from '#lib/http/guarded-agent'
import type { HttpAnswer, HttpErrorClass, HttpRequest, HttpResult } from '#lib/http/http-result'
import { checkUrl } from '#lib/provider/address-guard'

export type { HttpAnswer, HttpErrorClass, HttpFailure, HttpRequest, HttpResult } from '#lib/http/http-result'

export const DEFAULT_TIMEOUT_MS = 15_000
export const KEPT_ANSWER_BYTES = 20_000
/** A body that goes on beyond this, and beyond what is kept, is not read to its end. */
const MOST_READ_BYTES = 2_000_000

export type SendLimits = {
  /** Covers everything: name lookup, connection, request, and the answer to its last byte. */
  timeoutMs?: number
  /** How much of the answer's body is kept. */
  maxAnswerBytes?: number
}

/** `sendHttp` with its connections already chosen. */
export type SendHttp = (request: HttpRequest, limits?: SendLimits) => Promise<HttpResult>

/**
 * Sends one request to an address that the guard allows. Redirects are answers like any other. What goes wrong comes
 * back as a value with its class; only a bug throws.
 */
export async function sendHttp(
  request: HttpRequest,
  { guard, ...limits }: SendLimits & { guard: GuardedAgent },
): Promise<HttpResult> {
  const startedAt = performance.now()
  const checked = checkUrl(request.url, guard.policy)
  if (!checked.ok) {
    const failure = { code: checked.error, message: checked.message, mayHaveArrived: false }
    const durationMs = Math.round(performance.now() - startedAt)
    return { answer: null, failure, durationMs, ip: null, requestHeaders: request.headers }
  }
  const { url } = checked
  const { headers, body } = await encodeBody(request)
  const requestHeaders = { 'user-agent': 'Patchbay', ...headers }
  const exchange = await runExchange({ url, method: request.method, headers: requestHeaders, body }, guard, limits)
  const taken = {
    durationMs: Math.round(performance.now() - startedAt),
    ip: exchange.started ? guard.addressOf(url.origin) : null,
    requestHeaders,
  }
  const { error, answer, started, cause } = exchange
  if (error === null && answer !== null) return { answer, failure: null, ...taken }
  const code = error ?? 'reset'
  const mayHaveArrived = started && (answer === null || answer.status < 300)
  return { answer, failure: { code, message: describeFailure(code, url.host, cause), mayHaveArrived }, ...taken }
}

type Wire = { url: URL; method: string; headers: Record<string, string>; body: Uint8Array | null }
type Exchange = { started: boolean; answer: HttpAnswer | null; error: HttpErrorClass | null; cause?: unknown }

/** One request on one connection; resolves once, however it ends. */
function runExchange(
  wire: Wire,
  { agent }: GuardedAgent,
  { timeoutMs = DEFAULT_TIMEOUT_MS, maxAnswerBytes = KEPT_ANSWER_BYTES }: SendLimits,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const answer = collectAnswer(maxAnswerBytes)
    let controller: Dispatcher.DispatchController | null = null
    let started = false
    let done = false
    const finish = (error: HttpErrorClass | null, cause?: unknown) => {
      if (done) return
      done = true
      clearTimeout(timer)
      resolve({ started, answer: answer.read(), error, cause })
    }
    const abort = () => controller?.abort(new errors.RequestAbortedError())
    const timer = setTimeout(() => {
      finish(started ? 'timeout_answer' : 'timeout_connect')
      abort()
    }, timeoutMs)
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(current) {
        controller = current
        // Too late: whoever waited has been told that nothing was sent, so nothing may be.
        if (done) abort()
        else started = true
      },
      onResponseStart: (_current, status, headers) => answer.start(status, headers),
      onResponseData(_current, chunk) {
        if (answer.add(chunk) <= Math.max(MOST_READ_BYTES, maxAnswerBytes)) return
        finish(null)
        abort()
      },
      onResponseEnd: () => finish(null),
      onResponseError: (_current, error) =>
        finish(classifyError(error, { started, answering: answer.hasStarted() }), error),
    }
    try {
      agent.dispatch(toDispatch(wire), handler)
    } catch (error) {
      finish('bad_url', error)
    }
  })
}

function toDispatch({ url, method, headers, body }: Wire): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers,
    body: body && Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    headersTimeout: 0,
    bodyTimeout: 0,
  }
}
