import { type Door, findDoor } from '#db/queries/intake'
import type { NewRequest } from '#db/queries/requests'
import { takeTurn } from '#db/queries/throttles'
import type { Direction } from '#db/schema/targets'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { describeSignatureFault } from '#lib/endpoints/signature-words'
import { AppError } from '#lib/errors'
import { keepRequest } from '#lib/flows/keep-request'
import { RepeatRefusal } from '#lib/flows/repeat-refusal'
import { addressGroup } from '#lib/http/address-group'
import { callerAddress } from '#lib/http/caller-address'
import { describeError } from '#lib/http/failures'
import { maskHeaders } from '#lib/http/mask-headers'
import { openBody, type RequestBody } from '#lib/http/read-body'
import { respond, toRefusal } from '#lib/http/respond'
import { storableText } from '#lib/http/storable'
import { log } from '#lib/log'

const EXCERPT_BYTES = 4096
/** A caller may announce any length; the column holds this much. */
const MOST_COUNTED = 2 ** 31 - 1
/** A reply that a receive-only channel cannot carry is kept whole, as far as a log can. */
const KEPT_REPLY_BYTES = 65_536

/** Wrong keys from one address to one channel: ten at once, then one in ten seconds. */
const STRANGERS = { everyMs: 10_000, burst: 10 }

export type Call = {
  door: Door
  body: RequestBody
  /** Keeps this call in the log of requests. */
  keep: (verdict: Verdict) => Promise<void>
}

export type Verdict = Pick<NewRequest, 'status' | 'code' | 'message'> &
  Partial<Pick<NewRequest, 'details' | 'messageId'>>

type Visit = { request: Request; channelKey: string; direction: Direction; deps: EndpointDeps }

/**
 * Every call to a channel's public address: finds the channel, does the work, and keeps whatever it refused with the
 * reason. Somebody who keeps coming with wrong keys is only told to wait.
 */
export function atTheDoor(visit: Visit, work: (call: Call) => Promise<Response>): Promise<Response> {
  const { request, channelKey, direction, deps } = visit
  const startedAt = deps.now()
  return respond(`${direction}:${request.method}`, async () => {
    const door = await findDoor(deps.db, { channelKey, now: startedAt })
    if (!door) throw new AppError('not_found', 'There is no channel at this address.')
    const body = openBody(request)
    const keep = (verdict: Verdict) => keepCall({ ...visit, door, body, startedAt }, verdict)
    try {
      return await work({ door, body, keep })
    } catch (error) {
      await slowStrangersDown(visit, door, error)
      await keepQuietly(keep, error)
      throw error
    } finally {
      await body.close()
    }
  })
}

/** @throws AppError `rate_limited` in place of a 401 that came too often */
async function slowStrangersDown({ request, deps }: Visit, door: Door, error: unknown): Promise<void> {
  if (toRefusal(error).status !== 401) return
  const address = callerAddress(request.headers, deps.trustedProxies) ?? 'unknown'
  const { allowed, waitS } = await takeTurn(deps.db, {
    key: `strangers:${door.id}:${addressGroup(address)}`,
    ...STRANGERS,
  })
  if (allowed) return
  throw new AppError('rate_limited', 'Too many calls with a wrong key or signature. Wait and check it.', {
    retryAfterS: waitS,
  })
}

/** The log must not change the answer: not being able to keep a refusal is a line in our own log. */
async function keepQuietly(keep: Call['keep'], error: unknown): Promise<void> {
  const { status, code, message, details } = toRefusal(error)
  const told = describeSignatureFault(error) ?? message
  const messageId = error instanceof RepeatRefusal ? error.messageId : null
  try {
    await keep({ status, code, message: told, details, messageId })
  } catch (cause) {
    log('error', 'endpoint.request_not_kept', describeError(cause))
  }
}

async function keepCall(
  { request, deps, direction, door, body, startedAt }: Visit & { door: Door; body: RequestBody; startedAt: Date },
  verdict: Verdict,
): Promise<void> {
  const excerpt = await body.start(verdict.code === 'receive_only' ? KEPT_REPLY_BYTES : EXCERPT_BYTES)
  await keepRequest(deps.db, {
    channelId: door.id,
    direction,
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
