import { noteSignatureVariant } from '#db/queries/intake'
import { atTheDoor, type Call } from '#lib/endpoints/at-the-door'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { startDelivery } from '#lib/endpoints/start-delivery'
import { AppError } from '#lib/errors'
import { type ReceivedOutgoing, receiveOutgoing } from '#lib/flows/receive-outgoing'
import { frontMessage } from '#lib/front/schemas'
import { verifyCustomSignature } from '#lib/front/signature'
import { parseJson } from '#lib/http/storable'
import { unseal } from '#lib/secrets'

const LIMIT = { bytes: 10_000_000, what: 'calls from Front' }

/**
 * `POST /api/front/custom/{key}/outgoing`: Front hands over a message that a teammate or a rule sent. 200 once it is
 * stored; Front's message id makes it once only.
 */
export function receiveOutgoingEndpoint(
  request: Request,
  { channelKey }: { channelKey: string },
  deps: EndpointDeps,
): Promise<Response> {
  return atTheDoor({ request, channelKey, direction: 'outbound', deps }, async (call) => {
    const { door } = call
    const rawBody = await call.body.read(LIMIT)
    const { variant } = verifyCustomSignature({
      rawBody,
      signature: request.headers.get('x-front-signature'),
      timestamp: request.headers.get('x-front-request-timestamp'),
      secrets: door.apiSecretSealed ? [unseal(door.apiSecretSealed, deps.keys)] : [],
      now: deps.now(),
    })
    if (variant !== door.signatureVariant) await noteSignatureVariant(deps.db, { channelId: door.id, variant })
    if (door.receiveOnly) throw new AppError('receive_only', 'This channel takes messages in and carries no replies.')
    const raw = parseJson(rawBody)
    const message = readMessage(raw)
    const received = await receiveOutgoing(deps.db, {
      channel: door,
      message,
      key: { kind: 'front', value: message.id, bodyHash: null },
      raw,
      signatureVariant: variant,
      now: deps.now(),
    })
    if (received.outcome !== 'stored') await keepRepeat(call, received)
    else startDelivery(deps)
    return Response.json({ status: 'accepted', id: received.id, duplicate: received.outcome !== 'stored' })
  })
}

function readMessage(raw: unknown) {
  const parsed = frontMessage.safeParse(raw)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  throw new AppError('invalid_input', 'This is not a message as Front posts it to a custom channel.', { details })
}

const REPEATS = {
  duplicate: 'Front posted the same message again. Nothing new was stored.',
  echo: 'Front posted a message that Patchbay brought there itself. It does not go back to the provider.',
}

async function keepRepeat(call: Call, { id, outcome }: ReceivedOutgoing): Promise<void> {
  const message = REPEATS[outcome === 'echo' ? 'echo' : 'duplicate']
  await call.keep({ status: 200, code: outcome === 'echo' ? 'echo' : 'duplicate', message, messageId: id })
}
