import { type AttemptDetails, getMessageDetails, listAttempts, type MessageDetails } from '#db/queries/message-details'
import { shownStatus } from '#lib/delivery/status-words'
import { atTheDoor } from '#lib/endpoints/at-the-door'
import { authenticateProvider } from '#lib/endpoints/authenticate-provider'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { AppError } from '#lib/errors'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const SHOWN_ATTEMPTS = 20

/** `GET /api/channels/{key}/messages/{id}`: what became of a message, for the provider, by the same keys. */
export function messageStatusEndpoint(
  request: Request,
  { channelKey, messageId }: { channelKey: string; messageId: string },
  deps: EndpointDeps,
): Promise<Response> {
  return atTheDoor({ request, channelKey, direction: 'inbound', deps }, async ({ door }) => {
    const { headers } = request
    const readBody = async () => new Uint8Array()
    await authenticateProvider({ headers, door, keys: deps.keys, now: deps.now(), readBody })
    const found = UUID.test(messageId) ? await getMessageDetails(deps.db, messageId) : null
    if (!found || found.channel.id !== door.id) throw new AppError('not_found', 'This channel has no such message.')
    const attempts = await listAttempts(deps.db, found.message.id)
    return Response.json(describe(found, attempts), { headers: { 'cache-control': 'no-store' } })
  })
}

function describe({ message, delivery, target, conversation }: MessageDetails, attempts: AttemptDetails[]) {
  const held = Boolean(target?.heldSince)
  return {
    id: message.id,
    external_id: message.externalId,
    direction: message.direction,
    /** message; sent_elsewhere: sent outside Front; autoreply: a rule of Front wrote it */
    kind: message.kind,
    /** Our id of the message that it answers, where the provider named one that is known. */
    in_reply_to: message.referencedMessageId,
    test: message.isTest,
    state: shownStatus({ status: delivery.status, frontState: message.frontState, held }),
    created_at: message.createdAt,
    attempts: delivery.attempts,
    next_attempt_at: delivery.nextAttemptAt,
    last_error: delivery.lastError,
    /** When Front was told that it did not reach the customer. */
    reported_at: delivery.reportedAt,
    conversation: { key: conversation.key, reference: message.reference },
    message_uid: message.messageUid,
    front: {
      /** none, accepted (Front took it in), confirmed (seen there), missing (accepted, never seen) */
      state: message.frontState,
      message_id: message.frontMessageId,
      conversation_id: message.frontConversationId,
      accepted_at: message.acceptedAt,
      confirmed_at: message.confirmedAt,
    },
    recent_attempts: attempts.slice(0, SHOWN_ATTEMPTS).map((attempt) => ({
      n: attempt.n,
      started_at: attempt.startedAt,
      duration_ms: attempt.durationMs,
      outcome: attempt.outcome,
      response_status: attempt.responseStatus,
      error: attempt.error,
    })),
  }
}
