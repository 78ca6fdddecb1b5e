import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  SignatureError,
  signApplication,
  signCustom,
  verifyApplicationSignature,
  verifyCustomSignature,
} from '#lib/front/signature'

const secret = 'front_test_secret'
const authorization = '{"type":"authorization","payload":{"channel_id":"cha_123"}}'
const deletion = '{"type":"delete","payload":{"channel_id":"cha_123"}}'
const spaced = '{"type": "message", "payload": {"id": "msg_1", "created_at": 1453770984.120}}'
const custom =
  '{"id":"msg_1","type":"custom","is_inbound":false,"body":"héllo","recipients":[{"handle":"a1","role":"to"}]}'
const customSignature = 'eOhkbqNRH/dK4S0HpEOVi12UYQM='
const ms = '1694761200000'
const now = new Date(1694761200000)

type Application = { method?: string; body?: string; signature?: string | null; timestamp?: string | null; at?: Date }

function verifyApplication({ method = 'POST', body = '', signature = null, timestamp = ms, at = now }: Application) {
  return verifyApplicationSignature({
    method,
    rawBody: Buffer.from(body),
    signature,
    timestamp,
    secrets: ['another secret', secret],
    now: at,
  }).variant
}

type Custom = { body?: string | Buffer; signature?: string | null; timestamp?: string | null; secrets?: string[] }

function verifyCustom({ body = custom, signature = customSignature, timestamp = null, secrets = [secret] }: Custom) {
  const rawBody = Buffer.from(body)
  return verifyCustomSignature({ rawBody, signature, timestamp, secrets, now }).variant
}

function faultOf(verify: () => unknown): string {
  try {
    verify()
  } catch (error) {
    if (error instanceof SignatureError) return error.reason
    throw error
  }
  return 'accepted'
}

const applicationVectors: Record<string, [Application, string]> = {
  milliseconds: [
    { body: authorization, signature: '8L8GT4D5YsoML5zkw0rnXYejr2sexTpo20VtALW8NuM=' },
    'sha256_timestamp_raw',
  ],
  seconds: [
    { body: authorization, timestamp: '1694761200', signature: 'HIP1fjO36XAWRy854OywYN18ZGys9VUTZM5xTyNz7NU=' },
    'sha256_timestamp_raw',
  ],
  'a DELETE without a body, signed as undefined': [
    { method: 'DELETE', signature: 'XrTDB5SblXAs4EKHx6d87gHzpTKtzoL9w4yP8TG/+dE=' },
    'sha256_timestamp_undefined',
  ],
  'a DELETE with a body, signed as undefined all the same': [
    { method: 'delete', body: deletion, signature: 'XrTDB5SblXAs4EKHx6d87gHzpTKtzoL9w4yP8TG/+dE=' },
    'sha256_timestamp_undefined',
  ],
  'a DELETE whose body is signed': [
    { method: 'DELETE', body: deletion, signature: 'xL4WeFAEYoP1x7s1MqRMLuwvzdcFvqbkYCyJnqy2/3g=' },
    'sha256_timestamp_raw',
  ],
  'an empty body signed as {}': [
    { method: 'DELETE', signature: 'S/YcPivJv20z00Tjy1EUoiTm4cp7YGJ+Zziay1uqd/M=' },
    'sha256_timestamp_empty_object',
  ],
  'an empty body signed as nothing': [{ signature: signApplication('', ms, secret) }, 'sha256_timestamp_empty'],
  'a spaced body as it is': [
    { body: spaced, signature: 'xgtIlyFpp9Ma2a+d1EQY72HfeLeN2w/MllE80ZDgoac=' },
    'sha256_timestamp_raw',
  ],
  'a spaced body as JavaScript writes it': [
    { body: spaced, signature: 'FSf1CIqsLvuDdr74LZ9E5yMPfbRIJMccaXGrwB1DwmY=' },
    'sha256_timestamp_reserialised',
  ],
}

for (const [what, [request, variant]] of Object.entries(applicationVectors)) {
  test(`an application request is verified: ${what}`, () => {
    expect(verifyApplication(request)).toBe(variant)
  })
}

test('a custom channel’s post is verified over its raw bytes', () => {
  expect(verifyCustom({})).toBe('sha1_raw')
})

test('signing agrees with the published vector', () => {
  expect(signCustom(custom, secret)).toBe(customSignature)
  expect(signApplication(authorization, ms, secret)).toBe('8L8GT4D5YsoML5zkw0rnXYejr2sexTpo20VtALW8NuM=')
})

test('a custom channel’s post may be signed as JavaScript writes it', () => {
  const signature = signCustom(JSON.stringify(JSON.parse(spaced)), secret)
  expect(verifyCustom({ body: spaced, signature })).toBe('sha1_reserialised')
})

test('a custom channel’s post may be signed with SHA-256 and a timestamp', () => {
  const signature = signApplication(custom, ms, secret)
  expect(verifyCustom({ signature, timestamp: ms })).toBe('sha256_timestamp_raw')
})

test('an earlier secret still verifies during a rotation, wherever it stands', () => {
  expect(verifyCustom({ secrets: ['new', secret] })).toBe('sha1_raw')
  expect(verifyCustom({ secrets: [secret, 'new'] })).toBe('sha1_raw')
})

test('bytes that are no UTF-8 are verified as they are', () => {
  const body = Buffer.from([0xff, 0x00, 0xfe])
  expect(verifyCustom({ body, signature: signCustom(body, secret) })).toBe('sha1_raw')
})

const customRefusals: Record<string, [Custom, string]> = {
  'no signature': [{ signature: null }, 'no_signature'],
  'an empty signature': [{ signature: '' }, 'no_signature'],
  'no secret to check with': [{ secrets: [] }, 'no_secret'],
  'an empty secret': [{ secrets: [''], signature: signCustom(custom, '') }, 'no_secret'],
  'a signature by another secret': [{ secrets: ['wrong'] }, 'no_match'],
  'a changed body': [{ body: custom.replace('héllo', 'hello') }, 'no_match'],
  'half a signature': [{ signature: customSignature.slice(0, 14) }, 'malformed_signature'],
  'a signature in hex': [{ signature: createHmac('sha1', secret).update(custom).digest('hex') }, 'malformed_signature'],
  'a signature in base64url': [
    { signature: customSignature.replaceAll('/', '_').replaceAll('+', '-') },
    'malformed_signature',
  ],
  'a signature without its padding': [{ signature: customSignature.slice(0, -1) }, 'malformed_signature'],
  'a signature with a space in it': [{ signature: ` ${customSignature}` }, 'malformed_signature'],
  'text for a signature': [{ signature: 'undefined' }, 'malformed_signature'],
  'SHA-256 without a timestamp': [{ signature: signApplication(custom, ms, secret) }, 'no_timestamp'],
  'SHA-256 over the body alone': [
    { signature: createHmac('sha256', secret).update(custom).digest('base64'), timestamp: ms },
    'no_match',
  ],
  'SHA-256 with a timestamp of ten minutes ago': [
    { signature: signApplication(custom, '1694760600000', secret), timestamp: '1694760600000' },
    'stale_timestamp',
  ],
}

for (const [what, [request, reason]] of Object.entries(customRefusals)) {
  test(`a custom channel’s post is refused with ${what}`, () => {
    expect(faultOf(() => verifyCustom(request))).toBe(reason)
  })
}

const good = { body: authorization, signature: '8L8GT4D5YsoML5zkw0rnXYejr2sexTpo20VtALW8NuM=' }
const fiveMinutes = 5 * 60 * 1000
const applicationRefusals: Record<string, [Application, string]> = {
  'no signature': [{ ...good, signature: null }, 'no_signature'],
  'no timestamp': [{ ...good, timestamp: null }, 'no_timestamp'],
  'an empty timestamp': [{ ...good, timestamp: '' }, 'malformed_timestamp'],
  'a word for a timestamp': [{ ...good, timestamp: 'soon' }, 'malformed_timestamp'],
  'NaN for a timestamp': [{ ...good, timestamp: 'NaN' }, 'malformed_timestamp'],
  'a negative timestamp': [{ ...good, timestamp: '-1694761200000' }, 'malformed_timestamp'],
  'an exponent for a timestamp': [{ ...good, timestamp: '1e12' }, 'malformed_timestamp'],
  'a timestamp just too old': [{ ...good, at: new Date(now.getTime() + fiveMinutes + 1) }, 'stale_timestamp'],
  'a timestamp just too new': [{ ...good, at: new Date(now.getTime() - fiveMinutes - 1) }, 'stale_timestamp'],
  'another timestamp than was signed': [{ ...good, timestamp: '1694761200001' }, 'no_match'],
  'another body than was signed': [{ ...good, body: deletion }, 'no_match'],
  'SHA-1, even a right one': [{ body: custom, signature: customSignature }, 'malformed_signature'],
  'a POST signed as undefined': [
    { body: deletion, signature: 'XrTDB5SblXAs4EKHx6d87gHzpTKtzoL9w4yP8TG/+dE=' },
    'no_match',
  ],
  'a body signed as {}': [{ body: deletion, signature: 'S/YcPivJv20z00Tjy1EUoiTm4cp7YGJ+Zziay1uqd/M=' }, 'no_match'],
}

for (const [what, [request, reason]] of Object.entries(applicationRefusals)) {
  test(`an application request is refused with ${what}`, () => {
    expect(faultOf(() => verifyApplication(request))).toBe(reason)
  })
}

test('a timestamp is good up to exactly five minutes either way', () => {
  expect(verifyApplication({ ...good, at: new Date(now.getTime() + fiveMinutes) })).toBe('sha256_timestamp_raw')
  expect(verifyApplication({ ...good, at: new Date(now.getTime() - fiveMinutes) })).toBe('sha256_timestamp_raw')
})

test('every refusal looks the same from outside', () => {
  const messages = [...Object.values(customRefusals)].map(([request]) => {
    try {
      verifyCustom(request)
    } catch (error) {
      return error instanceof SignatureError ? `${error.code} ${error.status} ${error.message}` : String(error)
    }
    return 'accepted'
  })
  expect(new Set(messages)).toEqual(
    new Set(['bad_signature 401 The signature of this request is missing or not right.']),
  )
})
