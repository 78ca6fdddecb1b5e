import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { AppError } from '#lib/errors'

/** Standard Webhooks: the headers of a signed request. */
export type SignatureHeaders = {
  'webhook-id': string
  'webhook-timestamp': string
  'webhook-signature': string
}

/** How far the caller's clock and ours may be apart, either way. */
export const WEBHOOK_TOLERANCE_S = 5 * 60

/** A new secret in the form that Standard Webhooks libraries take: `whsec_` and `size` random bytes in base64. */
export function generateSigningSecret(random: (size: number) => Buffer = randomBytes, size = 32): string {
  return `whsec_${random(size).toString('base64')}`
}

/**
 * Signs a body for a provider. With several secrets, during a rotation, the header holds one signature for each.
 * `id` is our message id and the same on every attempt.
 */
export function signWebhook({
  id,
  body,
  secrets,
  now,
}: {
  id: string
  body: string
  secrets: readonly [string, ...string[]]
  now: Date
}): SignatureHeaders {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, now, body))
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  }
}

/** Whether a request carries Standard Webhooks headers at all. */
export function hasWebhookSignature(headers: Headers): boolean {
  return headers.has('webhook-signature')
}

/**
 * Throws unless one of the secrets signed this request within five minutes of `now`. Not left to the library, which reads
 * the clock itself and turns bytes that are no text into something else before it signs them.
 * @throws AppError `bad_signature`, one message for every cause
 */
export function verifyWebhook({
  headers,
  rawBody,
  secrets,
  now,
}: {
  headers: Headers
  /** The body exactly as it arrived. */
  rawBody: Uint8Array
  secrets: readonly string[]
  now: Date
}): { webhookId: string } {
  const id = headers.get('webhook-id')
  const timestamp = headers.get('webhook-timestamp')
  const given = readSignatures(headers.get('webhook-signature'))
  if (!id || !timestamp || given.length === 0 || !isFresh(timestamp, now)) throw refusal()
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), rawBody])
  let matched = false
  for (const secret of secrets) {
    const expected = createHmac('sha256', secretKey(secret)).update(signed).digest()
    for (const digest of given) {
      if (digest.length === expected.length && timingSafeEqual(digest, expected)) matched = true
    }
  }
  if (!matched) throw refusal()
  return { webhookId: id }
}

/** The `v1` signatures of a header such as `v1,abc= v1,def= v1a,...`; more than a rotation needs are not looked at. */
function readSignatures(header: string | null): Buffer[] {
  return (header ?? '')
    .split(' ')
    .slice(0, 10)
    .flatMap((part) => {
      const [version, signature] = part.split(',')
      return version === 'v1' && signature ? [Buffer.from(signature, 'base64')] : []
    })
}

function isFresh(timestamp: string, now: Date): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) <= WEBHOOK_TOLERANCE_S
}

function secretKey(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  if (key.length === 0) throw new Error('A signing secret is empty or not in base64.')
  return key
}

function refusal(): AppError {
  return new AppError('bad_signature', 'The signature of this request is missing or not right.')
}
