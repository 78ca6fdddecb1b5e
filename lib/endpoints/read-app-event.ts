import type { AppDoor } from '#db/queries/app-doors'
import type { AppCall } from '#lib/endpoints/at-the-app-door'
import { AppError } from '#lib/errors'
import { type FrontEvent, parseFrontEvent } from '#lib/front/events'
import { type ApplicationSignatureVariant, signatureTime, verifyApplicationSignature } from '#lib/front/signature'
import { parseJson } from '#lib/http/storable'
import { unseal } from '#lib/secrets'

const LIMIT = { bytes: 10_000_000, what: 'calls from Front' }

export type SignedEvent = {
  event: FrontEvent
  /** The whole call, parsed; null where the signature covers no body. */
  raw: unknown
  variant: ApplicationSignatureVariant
  /** By Front's clock. */
  signedAt: Date
}

/** A signature of these covers no body, so nothing is taken from it (T20). Only a removal is ever sent so. */
const WITHOUT_BODY: ApplicationSignatureVariant[] = [
  'sha256_timestamp_undefined',
  'sha256_timestamp_empty',
  'sha256_timestamp_empty_object',
]

/** @throws SignatureError, or AppError when the body is too large, no JSON or no event */
export async function readSignedCall({ request, body, door, deps }: AppCall) {
  const rawBody = await body.read(LIMIT)
  const timestamp = request.headers.get('x-front-request-timestamp')
  const { variant } = verifyApplicationSignature({
    method: request.method,
    rawBody,
    signature: request.headers.get('x-front-signature'),
    timestamp,
    secrets: secretsOf(door).map((sealed) => unseal(sealed, deps.keys)),
    now: deps.now(),
  })
  const signedAt = timestamp === null ? null : signatureTime(timestamp)
  if (!signedAt) throw new Error('A verified call has a time.')
  const read = (): SignedEvent => ({ ...readEvent(request.method, rawBody, variant), variant, signedAt })
  return { variant, read }
}

function secretsOf({ secretSealed, previousSecretSealed }: AppDoor): string[] {
  return previousSecretSealed === null ? [secretSealed] : [secretSealed, previousSecretSealed]
}

function readEvent(method: string, rawBody: Buffer, variant: ApplicationSignatureVariant) {
  if (WITHOUT_BODY.includes(variant)) return { event: { type: 'delete' as const, payload: null }, raw: null }
  const raw = parseJson(rawBody)
  const event = parseFrontEvent(raw)
  if (method === 'DELETE' && event.type !== 'delete') {
    throw new AppError('bad_request', 'A DELETE removes a channel; this one carries another event.')
  }
  return { event, raw }
}
