import {
  identityOf,
  keepDuplicate,
  type ProviderCall,
  type ProviderVisit,
  providerCall,
  readCall,
  requireApplication,
} from '#lib/endpoints/provider-call'
import { startDelivery } from '#lib/endpoints/start-delivery'
import { toStoredAnswer } from '#lib/endpoints/stored-answer'
import { receiveSent } from '#lib/flows/receive-sent'
import { parseSentMessage } from '#lib/provider/schemas'

/**
 * `POST /api/channels/{key}/sent`: a provider tells of a message that was sent to a customer outside Front. 202 as for an
 * incoming one; 200 with `status: "echo"` for a reply that we brought to the provider ourselves.
 */
export function receiveSentEndpoint(visit: ProviderVisit): Promise<Response> {
  return providerCall(visit, async (call) => {
    const { deps } = call
    requireApplication(call, 'messages that were sent elsewhere')
    const { raw, files, hash } = await readCall(call)
    const message = parseSentMessage(raw, { fileCount: files.length })
    const identity = identityOf(call, { externalId: message.external_id, hash })
    const received = await receiveSent(deps.db, { channel: call.door, message, raw, files, identity, now: deps.now() })
    if ('echoOf' in received) return toEchoAnswer(call, received.echoOf)
    if (received.duplicate) await keepDuplicate(call, { messageId: received.id })
    else startDelivery(deps)
    return toStoredAnswer(received)
  })
}

async function toEchoAnswer(call: ProviderCall, id: string): Promise<Response> {
  const message = 'Patchbay brought this message to the provider itself, so it was not stored a second time.'
  await call.keep({ status: 200, code: 'echo', message, messageId: id })
  return Response.json({ status: 'echo', id })
}
