import type { NewRequest } from '#db/queries/requests'
import type { Direction } from '#db/schema/targets'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { AppError } from '#lib/errors'
import { keepRequest } from '#lib/flows/keep-request'
import { RepeatRefusal } from '#lib/flows/repeat-refusal'
import { takeTurnSparingly } from '#lib/flows/take-turn'
import { addressGroup } from '#lib/http/address-group'
import { callerAddress } from '#lib/http/caller-address'
import { describeError } from '#lib/http/failures'
import { maskHeaders } from '#lib/http/mask-headers'
import type { RequestBody } from '#lib/http/read-body'
import { toRefusal } from '#lib/http/respond'
import { storableText } from '#lib/http/storable'
import { log } from '#lib/log'

const EXCERPT_BYTES = 4096
/** A caller may announce any length; the column holds this much. */
const MOST_COUNTED = 2 ** 31 - 1
/** A reply that a receive-only channel cannot carry is kept whole, as far as a log can. */
const KEPT_REPLY_BYTES = 65_536

/** Wrong keys from one address to one channel or app: ten at once, then one in ten seconds. */
const STRANGERS = { everyMs: 10_000, burst: 10 }

export type Verdict = Pick<NewRequest, 'status' | 'code' | 'message'> &
  Partial<Pick<NewRequest, 'details' | 'messageId'>>

/** Keeps a call in the log of requests. */
export type Keep = (verdict: Verdict) => Promise<void>

export type KeptCall = {
  request: Request
  body: RequestBody
  deps: EndpointDeps
  startedAt: Date
  /** Whose call it was, as far as is known. */
  place: { channelId: string | null; appId: string | null; direction: Direction }
  /** The body is made of secrets: nothing of it is kept. */
  hidesBody?: boolean
}

/** Keeps a call that did not become a message. */
export async function keepCall(call: KeptCall, verdict: Verdict): Promise<void> {
  const { request, body, deps, startedAt, place, hidesBody = false } = call
  const most = verdict.code === 'receive_only' ? KEPT_REPLY_BYTES : EXCERPT_BYTES
  const excerpt = hidesBody ? Buffer.alloc(0) : await body.start(most)
  await keepRequest(deps.db, {
    ...place,
    method: request.method,
    path: storableText(new URL(request.url).pathname),
    ip: callerAddress(request.headers, deps.trustedProxies),
    headers: maskHeaders(request.headers),
    bodyExcerpt: excerpt.length > 0 ? storableText(excerpt.toString('utf8')) : null,
    bodyBytes: Math.min(body.size(), MOST_COUNTED),
    durationMs: Math.max(0, deps.now().getTime() - startedAt.getTime()),
    ...verdict,
  })
}

/** The log must not change the answer: not being able to keep a refusal is a line in our own log. */
export async function keepRefusal(keep: Keep, error: unknown, told: Partial<Verdict> = {}): Promise<void> {
  const { status, code, message, details } = toRefusal(error)
  const messageId = error instanceof RepeatRefusal ? error.messageId : null
  try {
    await keep({ status, code, message, details, messageId, ...told })
  } catch (cause) {
    log('error', 'endpoint.request_not_kept', describeError(cause))
  }
}

/** @throws AppError `rate_limited` in place of a 401 that came too often */
export async function slowStrangersDown(
  { request, deps, id }: { request: Request; deps: EndpointDeps; id: string },
  error: unknown,
): Promise<void> {
  if (toRefusal(error).status !== 401) return
  const address = callerAddress(request.headers, deps.trustedProxies) ?? 'unknown'
  const key = `strangers:${id}:${addressGroup(address)}`
  const { allowed, waitS } = await takeTurnSparingly(deps.db, { key, ...STRANGERS })
  if (allowed) return
  throw new AppError('rate_limited', 'Too many calls with a wrong key or signature. Wait and check it.', {
    retryAfterS: waitS,
  })
}
