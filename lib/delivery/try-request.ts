import type { DeliveryDeps } from '#lib/delivery/deps'
import { judgeStatus, judgeWireError } from '#lib/delivery/outcome'
import { clip, emptyRow, type Tried } from '#lib/delivery/settlement'
import type { FrontRequest } from '#lib/front/transport'
import type { HttpAnswer } from '#lib/http/http-result'
import { maskHeaders } from '#lib/http/mask-headers'

/** As much of an answer as an attempt keeps. */
const KEPT_CHARACTERS = 20_000

type Options = {
  /** Puts a refusal into a sentence. */
  describe: (answer: HttpAnswer) => string
  /** Headers whose values are credentials, beside those that are known to be. */
  secretHeaders?: string[]
  /** How much of the answer's body comes back. */
  maxAnswerBytes?: number
}

/** Sends one request and turns what happened into a try: judged, in words, and ready to be written down. */
export async function tryRequest(
  { transport, now }: DeliveryDeps,
  request: FrontRequest,
  { describe, secretHeaders = [], maxAnswerBytes }: Options,
): Promise<{ tried: Tried; answer: HttpAnswer | null }> {
  const startedAt = now()
  const result = await transport(request, { maxAnswerBytes })
  const { answer, failure } = result
  // A refusing status counts as it stands, even when the rest of the answer broke off.
  const complete = answer !== null && (failure === null || answer.status >= 300) ? answer : null
  const judgement = complete
    ? judgeStatus(complete.status)
    : judgeWireError(failure?.code ?? 'reset', failure?.mayHaveArrived ?? true)
  const row = {
    ...emptyRow(startedAt),
    duration_ms: result.durationMs,
    method: request.method,
    url: request.url,
    ip: result.ip,
    request_headers: maskHeaders(maskNamed(result.requestHeaders, secretHeaders)),
    request_body: describeBody(request.body),
    response_status: answer?.status ?? null,
    response_headers: answer && maskHeaders(Object.entries(answer.headers)),
    response_body: answer && clip(answer.body, KEPT_CHARACTERS),
    response_bytes: answer?.bytes ?? null,
    error_class: judgement.errorClass,
    error:
      judgement.verdict === 'delivered' ? null : clip(complete ? describe(complete) : (failure?.message ?? ''), 1000),
  }
  return { tried: { judgement, row, askedMs: null, hold: null, learned: {} }, answer: complete }
}

function maskNamed(headers: Record<string, string>, secret: string[]): [string, string][] {
  const names = new Set(secret.map((name) => name.toLowerCase()))
  return Object.entries(headers).map(([name, value]) => [name, names.has(name.toLowerCase()) ? '[masked]' : value])
}

/** Text as it is; a form by its fields, since the bytes of its files are not kept twice. */
function describeBody(body: FrontRequest['body']): string | null {
  if (body === null || typeof body === 'string') return body && clip(body, KEPT_CHARACTERS)
  const fields = [...body.entries()].map(([name, value]) =>
    typeof value === 'string' ? `${name}=${value}` : `${name}=@${value.name} (${value.type}, ${value.size} bytes)`,
  )
  return clip(fields.join('\n'), KEPT_CHARACTERS)
}
