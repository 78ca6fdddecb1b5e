import { takeTurn } from '#db/queries/throttles'
import { atTheDoor, type Call } from '#lib/endpoints/at-the-door'
import { authenticateProvider } from '#lib/endpoints/authenticate-provider'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { bodyKind, bodyLimit, type Content, readContent } from '#lib/endpoints/read-content'
import { AppError } from '#lib/errors'
import { applicationOnly } from '#lib/flows/application-channel'

const MINUTE_MS = 60_000
const LONGEST_ID = 200

export type ProviderVisit = { request: Request; channelKey: string; deps: EndpointDeps }

export type ProviderCall = Call & {
  request: Request
  deps: EndpointDeps
  /** The signed id of the call, the same when it is sent again. */
  webhookId: string | null
}

/**
 * A provider's call to its channel: let in by key or signature and within the channel's limit; refusals are kept.
 * Looking something up has no body and no limit.
 */
export function providerCall(visit: ProviderVisit, work: (call: ProviderCall) => Promise<Response>): Promise<Response> {
  const { request, deps } = visit
  return atTheDoor({ ...visit, direction: 'inbound' }, async (call) => {
    const isLookUp = request.method === 'GET'
    const readBody = async () => (isLookUp ? new Uint8Array() : readBytes({ ...call, request }))
    const { headers } = request
    const { door } = call
    const { webhookId } = await authenticateProvider({ headers, door, keys: deps.keys, now: deps.now(), readBody })
    if (!isLookUp) await slowDown(call, deps)
    return work({ ...call, request, deps, webhookId })
  })
}

function readBytes({ request, body, door }: Call & { request: Request }): Promise<Buffer> {
  return body.read(bodyLimit(bodyKind(request.headers), door))
}

/** @throws AppError when the body cannot be read, is too large or of a type that is not taken */
export async function readCall(call: ProviderCall): Promise<Content> {
  const { headers } = call.request
  return readContent(bodyKind(headers), await readBytes(call), headers.get('content-type') ?? '')
}

/**
 * The body of a call that brings no files.
 * @throws AppError as `readCall`, `unsupported_media_type` for a form too
 */
export async function readJsonCall(call: ProviderCall): Promise<unknown> {
  if (bodyKind(call.request.headers) === 'json') return (await readCall(call)).raw
  throw new AppError('unsupported_media_type', 'Send Content-Type application/json.')
}

/**
 * What makes a message the same when it comes again: the provider's id of it, else of the call.
 * @throws AppError `invalid_input` for an id that cannot be kept
 */
export function identityOf(
  { request, webhookId }: ProviderCall,
  { externalId, hash }: { externalId: string | null; hash: string },
): { id: string; hash: string } | null {
  const id = externalId ?? idempotencyKey(request.headers) ?? checkedId(webhookId, 'webhook-id')
  return id === null ? null : { id, hash }
}

/** The header may be quoted, as its draft standard asks, or bare, as most send it. */
function idempotencyKey(headers: Headers): string | null {
  const key = headers
    .get('idempotency-key')
    ?.trim()
    .replace(/^"(.*)"$/, '$1')
  return checkedId(key ?? null, 'Idempotency-Key')
}

function checkedId(id: string | null, header: string): string | null {
  if (id === null || (id !== '' && id.length <= LONGEST_ID)) return id
  throw new AppError('invalid_input', `The ${header} cannot be used.`, {
    details: [{ path: header, message: `must have 1 to ${LONGEST_ID} characters` }],
  })
}

/** @throws AppError `rate_limited` */
async function slowDown({ door }: Call, { db }: EndpointDeps): Promise<void> {
  const perMinute = door.requestsPerMinute
  if (perMinute === null) return
  const limit = {
    key: `incoming:${door.id}`,
    everyMs: MINUTE_MS / Math.max(1, perMinute),
    burst: Math.max(1, perMinute),
  }
  const { allowed, waitS } = await takeTurn(db, limit)
  if (allowed) return
  throw new AppError('rate_limited', `This channel takes ${perMinute} messages a minute.`, { retryAfterS: waitS })
}

/** Keeps a call that was answered as the first time. */
export async function keepDuplicate(call: Call, { messageId }: { messageId: string | null }): Promise<void> {
  const message = 'The same came again. It was answered as the first time, and nothing new was stored.'
  await call.keep({ status: 202, code: 'duplicate', message, messageId })
}

/**
 * Custom channels of Front know messages only.
 * @throws AppError `application_only`
 */
export function requireApplication({ door }: Call, what: string): void {
  if (door.kind !== 'application') throw applicationOnly(what)
}
