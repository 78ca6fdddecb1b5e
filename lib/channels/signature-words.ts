import type { ApplicationSignatureVariant, CustomSignatureVariant, SignatureFault } from '#lib/front/signature'

const WORDS: Record<CustomSignatureVariant | ApplicationSignatureVariant, string> = {
  sha1_raw: 'HMAC-SHA1 over the body, as Front’s older documents say',
  sha1_reserialised: 'HMAC-SHA1 over the body written anew, because something on the way rewrote it',
  sha256_timestamp_raw: 'HMAC-SHA256 over time and body',
  sha256_timestamp_reserialised:
    'HMAC-SHA256 over time and the body written anew, because something on the way rewrote it',
  sha256_timestamp_undefined: 'HMAC-SHA256 over time and the word “undefined”, in place of a body',
  sha256_timestamp_empty: 'HMAC-SHA256 over time and an empty body',
  sha256_timestamp_empty_object: 'HMAC-SHA256 over time and an empty JSON object',
}

/** Which of Front's signatures matched last, in words: Front documents only part of it. */
export function signatureWords(variant: string | null): string {
  if (variant === null) return 'Not seen yet: Front has posted nothing to this channel.'
  return Object.entries(WORDS).find(([known]) => known === variant)?.[1] ?? variant
}

/** Why a signature was refused, for signed-in people. */
export const SIGNATURE_FAULTS: Record<SignatureFault, string> = {
  no_signature: 'There is no signature.',
  no_secret: 'No app secret is stored.',
  malformed_signature: 'The signature is not one of Front’s: those are Base64, 44 characters long.',
  no_timestamp: 'There is no timestamp, which every call to an app carries.',
  malformed_timestamp: 'The timestamp is no number of milliseconds or seconds.',
  stale_timestamp: 'The call is too old, or from the future.',
  no_match: 'The signature was made over something else, or with another secret.',
}
