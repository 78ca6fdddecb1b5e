import type { Door } from '#db/queries/intake'
import { AppError } from '#lib/errors'
import { hasWebhookSignature, verifyWebhook } from '#lib/provider/signature'
import { constantTimeEqual, hashToken, type SealingKeys, unseal } from '#lib/secrets'

const BEARER = /^Bearer +(\S{1,512}) *$/i

type Visit = {
  headers: Headers
  door: Door
  keys: SealingKeys
  now: Date
  /** Only a signature needs the body, so nobody uploads much before showing a key. */
  readBody: () => Promise<Uint8Array>
}

/**
 * Lets the provider in by the channel's bearer key or by a Standard Webhooks signature; during a rotation the old one
 * opens too. `webhookId` is the signed id of the call, the same when it is sent again.
 * @throws AppError `unauthenticated` or `bad_signature`
 */
export async function authenticateProvider(visit: Visit): Promise<{ webhookId: string | null }> {
  const { headers, door, keys, now } = visit
  const authorization = headers.get('authorization')
  if (authorization !== null) {
    requireKey(authorization, door)
    return { webhookId: null }
  }
  if (hasWebhookSignature(headers)) {
    const secrets = door.keys.flatMap((key) =>
      key.purpose === 'signing' && key.secretSealed ? unseal(key.secretSealed, keys) : [],
    )
    return verifyWebhook({ headers, rawBody: await visit.readBody(), secrets, now })
  }
  throw new AppError('unauthenticated', 'Send the channel key as “Authorization: Bearer ...”, or sign the call.')
}

/** Compares with every key, whichever fits, so that time tells nothing. */
function requireKey(authorization: string, door: Door): void {
  const given = hashToken(BEARER.exec(authorization)?.[1] ?? '')
  const fits = door.keys.map(
    (key) => key.purpose === 'incoming' && key.tokenHash !== null && constantTimeEqual(key.tokenHash, given),
  )
  if (!fits.includes(true)) throw new AppError('unauthenticated', 'The channel key is not right, or has ended.')
}
