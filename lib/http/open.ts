import type { Readable } from 'node:stream'
import { request as undiciRequest } from 'undici'
import { AppError } from '#lib/errors'
import { classifyError, describeFailure } from '#lib/http/classify-error'
import { flattenHeaders } from '#lib/http/collect-answer'
import type { GuardedAgent } from '#lib/http/guarded-agent'
import { checkUrl } from '#lib/provider/address-guard'

type OpenOptions = {
  guard: GuardedAgent
  /** Until the answer's headers are here. */
  timeoutMs?: number
  /** The longest silence within the body. */
  idleTimeoutMs?: number
  signal?: AbortSignal
}

/**
 * Opens a GET and hands over its body as a stream, for files of any size. Redirects are not followed.
 * @throws AppError `unavailable` when no answer comes, `upstream_refused` when the address may not be called
 */
export async function openHttp(
  { url, headers }: { url: string; headers: Record<string, string> },
  { guard, timeoutMs = 15_000, idleTimeoutMs = 30_000, signal }: OpenOptions,
): Promise<{ status: number; headers: Record<string, string>; body: ReadableStream<Uint8Array> }> {
  const checked = checkUrl(url, guard.policy)
  if (!checked.ok) throw new AppError('upstream_refused', checked.message)
  try {
    const answer = await undiciRequest(checked.url, {
      dispatcher: guard.agent,
      headers: { 'user-agent': 'Patchbay', ...headers },
      headersTimeout: timeoutMs,
      bodyTimeout: idleTimeoutMs,
      signal,
    })
    return { status: answer.statusCode, headers: flattenHeaders(answer.headers), body: toWebStream(answer.body) }
  } catch (cause) {
    const error = classifyError(cause, { started: true, answering: false })
    const code = error === 'blocked_address' ? 'upstream_refused' : 'unavailable'
    throw new AppError(code, describeFailure(error, checked.url.host, cause), { cause })
  }
}

// Not Readable.toWeb: a cancelled stream that still gets a chunk throws there where nobody can catch it.
function toWebStream(body: Readable): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  body.on('error', () => {})
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel() {
      body.destroy()
    },
  })
}
