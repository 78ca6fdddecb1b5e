import { SignatureError, type SignatureFault } from '#lib/front/signature'

const WORDS: Record<SignatureFault, string> = {
  no_signature: 'The call has no X-Front-Signature, so it did not come from Front or something on the way removed it.',
  no_secret:
    'Patchbay has no API secret for this Front company, so no call from Front can be verified. An administrator adds it in Settings.',
  malformed_signature: 'X-Front-Signature is not a Base64 HMAC of a known length.',
  no_timestamp: 'The signature is of the kind that needs X-Front-Request-Timestamp, and that header is missing.',
  malformed_timestamp: 'X-Front-Request-Timestamp is not a number.',
  stale_timestamp: 'X-Front-Request-Timestamp is more than five minutes away from our clock.',
  no_match: 'The signature does not match: check the API secret of this Front company in Settings.',
}

/** Why Front's signature was refused, for signed-in people; null for any other error. */
export function describeSignatureFault(error: unknown): string | null {
  return error instanceof SignatureError ? WORDS[error.reason] : null
}
