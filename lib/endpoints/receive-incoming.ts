import type { EndpointDeps } from '#lib/endpoints/deps'
import { identityOf, keepDuplicate, providerCall, readCall } from '#lib/endpoints/provider-call'
import { startDelivery } from '#lib/endpoints/start-delivery'
import { toStoredAnswer } from '#lib/endpoints/stored-answer'
import { receiveIncoming } from '#lib/flows/receive-incoming'
import { parseIncomingMessage } from '#lib/provider/schemas'

/**
 * `POST /api/channels/{key}/incoming`: a provider hands a message over. 202 once it is stored; the same message again
 * gets the same answer with `duplicate: true`.
 */
export function receiveIncomingEndpoint(
  request: Request,
  { channelKey }: { channelKey: string },
  deps: EndpointDeps,
): Promise<Response> {
  return providerCall({ request, channelKey, deps }, async (call) => {
    const { door } = call
    const { raw, files, hash } = await readCall(call)
    const message = parseIncomingMessage(raw, { fileCount: files.length, kind: door.kind })
    const identity = identityOf(call, { externalId: message.external_id, hash })
    const received = await receiveIncoming(deps.db, { channel: door, message, raw, files, identity, now: deps.now() })
    if (received.duplicate) await keepDuplicate(call, { messageId: received.id })
    else startDelivery(deps)
    return toStoredAnswer(received)
  })
}
