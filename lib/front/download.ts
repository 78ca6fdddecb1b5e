import { AppError } from '#lib/errors'
import { downloadRequest } from '#lib/front/requests'
import type { FrontAccess } from '#lib/front/transport'

/** An answer whose body is still on its way. Whoever does not read the body must `cancel` it. */
export type OpenAnswer = { status: number; headers: Record<string, string>; body: ReadableStream<Uint8Array> }

/** Opens a GET without following redirects. Throws AppError `unavailable` when no answer comes. */
export type OpenUrl = (request: { url: string; headers: Record<string, string> }) => Promise<OpenAnswer>

export type Download = {
  contentType: string | null
  /** Bytes, where Front says how many. */
  size: number | null
  body: ReadableStream<Uint8Array>
}

const MAX_REDIRECTS = 3

/**
 * Opens a file of a message as a stream. The URL is built from ids, so the token goes to Front alone (T22); a redirect to
 * storage is followed without it, since storage refuses a foreign `Authorization` (T21).
 * @throws AppError `not_found` when Front has no such file, `unavailable` or `upstream_refused` otherwise
 */
export async function downloadAttachment({
  open,
  messageId,
  attachmentId,
  ...access
}: FrontAccess & {
  messageId: string | null
  attachmentId: string
  open: OpenUrl
}): Promise<Download> {
  const { url, headers } = downloadRequest(access, { messageId, attachmentId })
  let answer = await open({ url, headers })
  let from = url
  for (let hops = 0; isRedirect(answer) && hops < MAX_REDIRECTS; hops += 1) {
    await answer.body.cancel()
    const target = redirectTarget(answer, from)
    answer = await open({ url: target, headers: { accept: '*/*' } })
    from = target
  }
  if (answer.status === 200) return describe(answer)
  await answer.body.cancel()
  throw refusal(answer.status)
}

function isRedirect({ status, headers }: OpenAnswer): boolean {
  return status >= 300 && status <= 399 && status !== 304 && headers.location !== undefined
}

/** Only to http and https, and never from https down to http. */
function redirectTarget({ headers }: OpenAnswer, from: string): string {
  const target = URL.parse(headers.location ?? '', from)
  const allowed = target?.protocol === 'https:' || (target?.protocol === 'http:' && from.startsWith('http:'))
  if (!target || !allowed)
    throw new AppError('upstream_refused', 'Front sent the download to an address that is not safe.')
  return target.href
}

function describe({ headers, body }: OpenAnswer): Download {
  const size = Number(headers['content-length'] ?? Number.NaN)
  return { contentType: headers['content-type'] ?? null, size: Number.isSafeInteger(size) ? size : null, body }
}

function refusal(status: number): AppError {
  if (status === 404 || status === 410) return new AppError('not_found', 'Front no longer has this file.')
  if (status === 401 || status === 403) return new AppError('upstream_refused', 'Front did not let us read this file.')
  if (status === 429) return new AppError('rate_limited', 'Front asks to slow down.')
  if (status >= 500) return new AppError('unavailable', `Front could not give the file (status ${status}).`)
  return new AppError('upstream_refused', `Front answered with status ${status} instead of the file.`)
}
