import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '#lib/errors'

/** How far Front's clock and ours may be apart, either way. */
export const SIGNATURE_TOLERANCE_MS = 5 * 60 * 1000

/** What was signed, and how: stored with every request, because Front documents it only in part. */
export type CustomSignatureVariant = 'sha1_raw' | 'sha1_reserialised' | 'sha256_timestamp_raw'
export type ApplicationSignatureVariant =
  | 'sha256_timestamp_raw'
  | 'sha256_timestamp_reserialised'
  | 'sha256_timestamp_undefined'
  | 'sha256_timestamp_empty'
  | 'sha256_timestamp_empty_object'

/** Why a signature was refused: for the log and for signed-in people, never for the caller. */
export type SignatureFault =
  | 'no_signature'
  | 'no_secret'
  | 'malformed_signature'
  | 'no_timestamp'
  | 'malformed_timestamp'
  | 'stale_timestamp'
  | 'no_match'

/** Every cause has the same message; `reason` tells them apart. */
export class SignatureError extends AppError {
  readonly reason: SignatureFault
  constructor(reason: SignatureFault) {
    super('bad_signature', 'The signature of this request is missing or not right.')
    this.reason = reason
  }
}

type Signed = {
  /** The body exactly as it arrived. */
  rawBody: Uint8Array
  /** `X-Front-Signature`. */
  signature: string | null
  /** `X-Front-Request-Timestamp`, exactly as it arrived. */
  timestamp: string | null
  /** Current and, during a rotation, earlier secrets. */
  secrets: readonly string[]
  now: Date
}

/**
 * Throws unless Front signed this post to a custom channel's outgoing URL. Base64 HMAC-SHA1 over the body, with the
 * company's API secret; where a timestamp came along also HMAC-SHA256 over `timestamp:body`, within five minutes of `now`.
 * SHA-1 variants carry no time: only the message id protects against a replay.
 * @throws SignatureError, code `bad_signature`
 */
export function verifyCustomSignature({ rawBody, signature, timestamp, secrets, now }: Signed): {
  variant: CustomSignatureVariant
} {
  const given = decodeSignature(signature, secrets)
  if (given.family === 'sha256') {
    if (timestamp === null) throw new SignatureError('no_timestamp')
    requireFresh(timestamp, now)
    const candidates = [{ variant: 'sha256_timestamp_raw' as const, text: prefixed(timestamp, rawBody) }]
    return { variant: requireMatch(given, candidates, secrets) }
  }
  const reserialised = reserialise(rawBody)
  const candidates = [
    { variant: 'sha1_raw' as const, text: rawBody },
    ...(reserialised === null ? [] : [{ variant: 'sha1_reserialised' as const, text: Buffer.from(reserialised) }]),
  ]
  return { variant: requireMatch(given, candidates, secrets) }
}

/**
 * Throws unless Front signed this request to an app's URL with the app secret: base64 HMAC-SHA256 over `timestamp:body`,
 * within five minutes of `now`; never SHA-1. With `sha256_timestamp_undefined` the body is not covered: take nothing from it.
 * @throws SignatureError, code `bad_signature`
 * @see https://dev.frontapp.com/docs/application-channels (Verifying requests)
 */
export function verifyApplicationSignature({
  method,
  rawBody,
  signature,
  timestamp,
  secrets,
  now,
}: Signed & {
  method: string
}): { variant: ApplicationSignatureVariant } {
  const given = decodeSignature(signature, secrets)
  if (given.family !== 'sha256') throw new SignatureError('malformed_signature')
  if (timestamp === null) throw new SignatureError('no_timestamp')
  requireFresh(timestamp, now)
  const candidates = applicationCandidates({ method: method.toUpperCase(), rawBody, timestamp })
  return { variant: requireMatch(given, candidates, secrets) }
}

/**
 * The moment of an `X-Front-Request-Timestamp`, null when it is none. Above 1e12 it is milliseconds, below it seconds:
 * Front documents the unit for one kind of request only.
 */
export function signatureTime(timestamp: string): Date | null {
  if (!/^\d{1,15}(\.\d{1,6})?$/.test(timestamp)) return null
  const number = Number(timestamp)
  return new Date(number > 1e12 ? number : number * 1000)
}

/** Signs a body as Front does for a custom channel's outgoing post. */
export function signCustom(rawBody: string | Uint8Array, secret: string): string {
  return createHmac('sha1', secret).update(rawBody).digest('base64')
}

/** Signs as Front does toward an app: `timestamp` is the header's text, milliseconds since 1970. */
export function signApplication(rawBody: string, timestamp: string, secret: string): string {
  return createHmac('sha256', secret).update(`${timestamp}:${rawBody}`).digest('base64')
}

type Candidate<Variant> = { variant: Variant; text: Uint8Array }
type Given = { family: 'sha1' | 'sha256'; digest: Buffer }

function applicationCandidates({
  method,
  rawBody,
  timestamp,
}: {
  method: string
  rawBody: Uint8Array
  timestamp: string
}): Candidate<ApplicationSignatureVariant>[] {
  const empty = rawBody.length === 0
  const candidates: Candidate<ApplicationSignatureVariant>[] = [
    { variant: empty ? 'sha256_timestamp_empty' : 'sha256_timestamp_raw', text: prefixed(timestamp, rawBody) },
  ]
  // Front's own code interpolates JSON.stringify(undefined) where a method has no body.
  if (empty || method === 'DELETE' || method === 'GET') {
    candidates.push({ variant: 'sha256_timestamp_undefined', text: Buffer.from(`${timestamp}:undefined`) })
  }
  if (empty) candidates.push({ variant: 'sha256_timestamp_empty_object', text: Buffer.from(`${timestamp}:{}`) })
  const reserialised = reserialise(rawBody)
  if (reserialised !== null) {
    candidates.push({ variant: 'sha256_timestamp_reserialised', text: Buffer.from(`${timestamp}:${reserialised}`) })
  }
  return candidates
}

const DIGEST_BYTES = { 20: 'sha1', 32: 'sha256' } as const

function decodeSignature(signature: string | null, secrets: readonly string[]): Given {
  if (!signature) throw new SignatureError('no_signature')
  if (!secrets.some((secret) => secret !== '')) throw new SignatureError('no_secret')
  const digest = Buffer.from(signature, 'base64')
  const family = digest.length === 20 || digest.length === 32 ? DIGEST_BYTES[digest.length] : null
  // The decoder skips what is not base64, so only an exact round trip is a signature.
  if (!family || digest.toString('base64') !== signature) throw new SignatureError('malformed_signature')
  return { family, digest }
}

/** Tries every candidate with every secret, whichever matched, so that time tells nothing. */
function requireMatch<Variant>(given: Given, candidates: Candidate<Variant>[], secrets: readonly string[]): Variant {
  let matched: Variant | null = null
  for (const { variant, text } of candidates) {
    for (const secret of secrets) {
      if (secret === '') continue
      const expected = createHmac(given.family, secret).update(text).digest()
      const equal = expected.length === given.digest.length && timingSafeEqual(expected, given.digest)
      if (equal && matched === null) matched = variant
    }
  }
  if (matched === null) throw new SignatureError('no_match')
  return matched
}

function requireFresh(timestamp: string, now: Date): void {
  const sentAt = signatureTime(timestamp)
  if (!sentAt) throw new SignatureError('malformed_timestamp')
  const fresh = Math.abs(now.getTime() - sentAt.getTime()) <= SIGNATURE_TOLERANCE_MS
  if (!fresh) throw new SignatureError('stale_timestamp')
}

function prefixed(timestamp: string, rawBody: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${timestamp}:`), rawBody])
}

/** The body as JavaScript would write it, which is what Front's own samples sign; null where it says the same or nothing. */
function reserialise(rawBody: Uint8Array): string | null {
  const text = Buffer.from(rawBody).toString('utf8')
  try {
    const written = JSON.stringify(JSON.parse(text))
    return written === text ? null : written
  } catch {
    return null
  }
}
