import { createHmac } from 'node:crypto'
import {
  type ApplicationSignatureVariant,
  SIGNATURE_TOLERANCE_MS,
  SignatureError,
  type SignatureFault,
  signatureTime,
  signCustom,
  verifyApplicationSignature,
} from '#lib/front/signature'

export type LabelledSecret = { label: 'current' | 'previous'; secret: string }

/** What to explain: a call to an app's URL, as a person pasted it. */
export type PastedCall = {
  method: string
  rawBody: Uint8Array
  /** `X-Front-Signature`. */
  signature: string
  /** `X-Front-Request-Timestamp`. */
  timestamp: string
  secrets: readonly LabelledSecret[]
  now: Date
}

export type SignatureExplanation = {
  /** Null when nothing matches as it stands. */
  match: { variant: ApplicationSignatureVariant; secret: LabelledSecret['label'] } | null
  /** Why Patchbay would refuse the call; null when it would take it. */
  fault: SignatureFault | null
  /** What would have matched, or what else is odd, in plain sentences; the likeliest cause first. */
  hints: string[]
}

/**
 * Says which of Front's signatures a call carries and which secret made it, or why none fits. It tries what goes wrong in
 * practice too: another algorithm, another unit of time, a body or a secret that was changed on the way here.
 */
export function explainSignature(call: PastedCall): SignatureExplanation {
  const tried = tryCall(call)
  if (tried.match) return { ...tried, hints: hintsOfMatch(tried.match, call) }
  if (tried.fault === 'stale_timestamp') return explainStale(call)
  return { ...tried, hints: findNearMisses(call) }
}

type Tried = Pick<SignatureExplanation, 'match' | 'fault'>

function tryCall(call: PastedCall): Tried {
  let fault: SignatureFault | null = call.secrets.length === 0 ? 'no_secret' : null
  for (const { label, secret } of call.secrets) {
    try {
      const { variant } = verifyApplicationSignature({ ...call, secrets: [secret] })
      return { match: { variant, secret: label }, fault: null }
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error
      fault = error.reason
    }
  }
  return { match: null, fault }
}

const VARIANT_HINTS: Partial<Record<ApplicationSignatureVariant, string>> = {
  sha256_timestamp_reserialised:
    'It matches only after the body is written anew as JSON: something on the way, or the copying, changed spaces or numbers.',
  sha256_timestamp_undefined:
    'Front signed the word “undefined” in place of a body, as it does for DELETE. Nothing in the body can be trusted.',
}

function hintsOfMatch({ variant, secret }: NonNullable<Tried['match']>, { method }: PastedCall): string[] {
  const old = 'It was made with the previous app secret: Front has not changed over to the new one yet.'
  const hint = VARIANT_HINTS[variant]
  const isOdd = variant === 'sha256_timestamp_undefined' && method.toUpperCase() === 'POST'
  return [
    ...(secret === 'previous' ? [old] : []),
    ...(hint ? [hint] : []),
    ...(isOdd ? ['The call was a POST without a body, which Front is not known to send for messages.'] : []),
  ]
}

function explainStale(call: PastedCall): SignatureExplanation {
  const sentMs = signatureTime(call.timestamp)?.getTime() ?? 0
  const { match } = tryCall({ ...call, now: new Date(sentMs) })
  const age = `It was signed ${inWords(Math.abs(call.now.getTime() - sentMs))} ${sentMs < call.now.getTime() ? 'ago' : 'ahead of our clock'}; a call is taken within ${inWords(SIGNATURE_TOLERANCE_MS)}.`
  if (!match) return { match: null, fault: 'no_match', hints: [...findNearMisses(call), age] }
  const fine = 'Apart from its age the signature is right. For a call pasted later that is to be expected.'
  return { match, fault: 'stale_timestamp', hints: [fine, age, ...hintsOfMatch(match, call)] }
}

function inWords(ms: number): string {
  const hours = ms / 3_600_000
  if (hours < 2) return `${Math.round(hours * 60)} minutes`
  return hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`
}

/** Each changes one thing about the call and would then match. */
function findNearMisses(call: PastedCall): string[] {
  const hints = [lookOf(call.signature), ...SHAPES.map((shape) => (matchesShape(call, shape.sign) ? shape.hint : null))]
  const mended = MENDINGS.map(({ mend, hint }) => (tryMended(call, mend) ? hint : null))
  return [...hints, ...mended].filter((hint) => hint !== null)
}

function lookOf(signature: string): string | null {
  const text = signature.trim()
  if (/^sha(1|256)=/i.test(text)) return 'The signature begins with the name of an algorithm, which Front’s do not.'
  if (/^[0-9a-f]{40}$|^[0-9a-f]{64}$/i.test(text))
    return 'The signature is written in hexadecimal digits; Front’s are Base64.'
  const bytes = Buffer.from(text, 'base64').length
  if (bytes === 20) {
    return 'The signature has the length of HMAC-SHA1, with which Front signs calls of custom channels and of rules, not of apps.'
  }
  if (text !== '' && bytes !== 32) return 'The signature is too short or too long: copy it whole.'
  return null
}

type Sign = (parts: { rawBody: Uint8Array; timestamp: string; secret: string }) => string

const SHAPES: { sign: Sign; hint: string }[] = [
  {
    sign: ({ rawBody, secret }) => signCustom(rawBody, secret),
    hint: 'It is HMAC-SHA1 over the body, made with this secret: the URL is set as a rule’s or a custom channel’s in Front.',
  },
  {
    sign: ({ rawBody, secret }) => sign256(rawBody, secret),
    hint: 'It is HMAC-SHA256 over the body without the timestamp.',
  },
  {
    sign: ({ rawBody, timestamp, secret }) => sign256(join(timestamp, '.', rawBody), secret),
    hint: 'Timestamp and body are joined by a full stop; Front joins them by a colon.',
  },
  {
    sign: ({ rawBody, timestamp, secret }) =>
      createHmac('sha256', secret)
        .update(join(timestamp, ':', rawBody))
        .digest('hex'),
    hint: 'It is right but for being written in hexadecimal digits.',
  },
  {
    sign: ({ timestamp, secret }) => sign256(Buffer.from(`${timestamp}:undefined`), secret),
    hint: 'Front signed “undefined” in place of a body, yet this call has a body and is no DELETE.',
  },
  {
    sign: ({ timestamp, secret }) => sign256(Buffer.from(`${timestamp}:`), secret),
    hint: 'An empty body was signed: the body given here is not the one that was signed.',
  },
]

function matchesShape({ signature, secrets, ...call }: PastedCall, sign: Sign): boolean {
  const given = signature.trim().toLowerCase()
  return secrets.some(({ secret }) => secret !== '' && sign({ ...call, secret }).toLowerCase() === given)
}

type Mend = (call: PastedCall) => PastedCall

const text = ({ rawBody }: PastedCall) => Buffer.from(rawBody).toString('utf8')
const withBody = (call: PastedCall, body: string): PastedCall => ({ ...call, rawBody: Buffer.from(body) })

const MENDINGS: { mend: Mend; hint: string }[] = [
  {
    mend: (call) => ({ ...call, signature: call.signature.trim(), timestamp: call.timestamp.trim() }),
    hint: 'It matches without the spaces around signature or timestamp.',
  },
  {
    mend: (call) => withBody(call, text(call).trim()),
    hint: 'It matches without the spaces and line breaks around the body: the copying added them.',
  },
  {
    mend: (call) => withBody(call, text(call).replaceAll('\r\n', '\n')),
    hint: 'It matches with other line ends in the body: the copying changed them.',
  },
  {
    mend: (call) => withBody(call, `${text(call)}\n`),
    hint: 'It matches with a line break at the body’s end: the copying lost it.',
  },
  {
    mend: (call) => ({ ...call, secrets: call.secrets.map((one) => ({ ...one, secret: one.secret.trim() })) }),
    hint: 'It matches when the spaces around the stored app secret are left out: enter the secret again.',
  },
  {
    mend: (call) => ({ ...call, timestamp: `${call.timestamp.trim()}000` }),
    hint: 'It matches with the timestamp in milliseconds: the one given here is in seconds.',
  },
  {
    mend: (call) => ({ ...call, timestamp: call.timestamp.trim().replace(/\d{3}$/, '') }),
    hint: 'It matches with the timestamp in seconds: the one given here is in milliseconds.',
  },
]

function tryMended(call: PastedCall, mend: Mend): boolean {
  const mended = mend(call)
  const sentAt = signatureTime(mended.timestamp)
  return tryCall({ ...mended, now: sentAt ?? call.now }).match !== null
}

function sign256(text: Uint8Array, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64')
}

function join(timestamp: string, separator: string, rawBody: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(timestamp + separator), rawBody])
}
