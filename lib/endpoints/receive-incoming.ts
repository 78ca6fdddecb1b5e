import { takeTurn } from '#db/queries/throttles'
import { atTheDoor, type Call } from '#lib/endpoints/at-the-door'
import { authenticateProvider } from '#lib/endpoints/authenticate-provider'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { bodyKind, bodyLimit, readIncoming } from '#lib/endpoints/read-incoming'
import { startDelivery } from '#lib/endpoints/start-delivery'
import { AppError } from '#lib/errors'
import { type Received, receiveIncoming } from '#lib/flows/receive-incoming'

const MINUTE_MS = 60_000
const LONGEST_ID = 200

/**
 * `POST /api/channels/{key}/incoming`: a provider hands a message over. 202 once it is stored; the same message again
 * gets the same answer with `duplicate: true`.
 */
export function receiveIncomingEndpoint(
  request: Request,
  { channelKey }: { channelKey: string },
  deps: EndpointDeps,
): Promise<Response> {
  return atTheDoor({ request, channelKey, direction: 'inbound', deps }, async (call) => {
    const { headers } = request
    const { door, body } = call
    const readBody = () => body.read(bodyLimit(bodyKind(headers), door))
    const { webhookId } = await authenticateProvider({ headers, door, keys: deps.keys, now: deps.now(), readBody })
    await slowDown(call, deps)
    const kind = bodyKind(headers)
    const { message, raw, files, hash } = await readIncoming(kind, await readBody(), headers.get('content-type') ?? '')
    const id = message.external_id ?? idempotencyKey(headers) ?? checkedId(webhookId, 'webhook-id')
    const identity = id === null ? null : { id, hash }
    const received = await receiveIncoming(deps.db, { channel: door, message, raw, files, identity, now: deps.now() })
    if (received.duplicate) await keepDuplicate(call, received)
    else startDelivery(deps)
    return Response.json(toAnswer(received), { status: 202 })
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

async function keepDuplicate(call: Call, { id }: Received): Promise<void> {
  const message = 'The same message came again. It was answered as the first time, and nothing new was stored.'
  await call.keep({ status: 202, code: 'duplicate', message, messageId: id })
}

function toAnswer({ id, conversation, duplicate }: Received) {
  return {
    status: 'accepted',
    id,
    message_uid: null,
    conversation: conversation && {
      key: conversation.key,
      reference: conversation.reference,
      is_new: conversation.isNew,
    },
    duplicate,
  }
}
