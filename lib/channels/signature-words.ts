import type { CustomSignatureVariant } from '#lib/front/signature'

const WORDS: Record<CustomSignatureVariant, string> = {
  sha1_raw: 'HMAC-SHA1 over the body, as Front’s older documents say',
  sha1_reserialised: 'HMAC-SHA1 over the body written anew, because something on the way rewrote it',
  sha256_timestamp_raw: 'HMAC-SHA256 over time and body',
}

/** Which of Front's signatures matched last, in words: Front documents only part of it. */
export function signatureWords(variant: string | null): string {
  if (variant === null) return 'Not seen yet: Front has posted nothing to this channel.'
  return Object.entries(WORDS).find(([known]) => known === variant)?.[1] ?? variant
}
