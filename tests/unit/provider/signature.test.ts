import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { generateSigningSecret, hasWebhookSignature, signWebhook, verifyWebhook } from '#lib/provider/signature'

// The example of the Standard Webhooks libraries' own tests.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const body = '{"test": 2432232314}'
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const now = new Date(1614265330 * 1000)
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
const other = generateSigningSecret((size) => Buffer.alloc(size, 7))

type Given = Partial<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string | null>>

function verify(changes: Given = {}, { secrets = [secret], text = body, at = now } = {}) {
  const given = { 'webhook-id': id, 'webhook-timestamp': '1614265330', 'webhook-signature': signature, ...changes }
  const headers = new Headers()
  for (const [name, value] of Object.entries(given)) if (value !== null) headers.set(name, value)
  return verifyWebhook({ headers, rawBody: Buffer.from(text), secrets, now: at })
}

test('signing agrees with the published example', () => {
  expect(signWebhook({ id, body, secrets: [secret], now })).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': signature,
  })
})

test('verifying agrees with the published example and gives the id', () => {
  expect(verify()).toEqual({ webhookId: id })
})

test('what we sign, the Standard Webhooks library accepts', () => {
  const signed = signWebhook({ id, body, secrets: [other], now: new Date() })
  expect(new Webhook(other).verify(body, signed)).toEqual({ test: 2432232314 })
})

test('during a rotation each secret signs, and each receiver finds its own', () => {
  const signed = signWebhook({ id, body, secrets: [other, secret], now: new Date() })
  expect(signed['webhook-signature'].split(' ')).toHaveLength(2)
  expect(new Webhook(secret).verify(body, signed)).toBeTruthy()
  expect(new Webhook(other).verify(body, signed)).toBeTruthy()
})

test('one good signature among several bad ones is enough', () => {
  expect(verify({ 'webhook-signature': `v1,AAAA v1a,${signature.slice(3)} ${signature}` })).toEqual({ webhookId: id })
})

test('any of several secrets may have signed', () => {
  expect(verify({}, { secrets: [other, secret] })).toEqual({ webhookId: id })
})

test('bytes that are no text are verified as they are', () => {
  const rawBody = Buffer.from([0xff, 0xfe, 0x00])
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const digest = createHmac('sha256', key).update(`${id}.1614265330.`).update(rawBody).digest('base64')
  const headers = new Headers({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': `v1,${digest}`,
  })
  expect(verifyWebhook({ headers, rawBody, secrets: [secret], now })).toEqual({ webhookId: id })
})

const refusals: Record<string, () => unknown> = {
  'no id': () => verify({ 'webhook-id': null }),
  'no timestamp': () => verify({ 'webhook-timestamp': null }),
  'text for a timestamp': () => verify({ 'webhook-timestamp': 'soon' }),
  'NaN for a timestamp': () => verify({ 'webhook-timestamp': 'NaN' }),
  'a timestamp in milliseconds': () => verify({ 'webhook-timestamp': '1614265330000' }),
  'no signature': () => verify({ 'webhook-signature': null }),
  'an empty signature': () => verify({ 'webhook-signature': 'v1,' }),
  'a wrong signature': () => verify({ 'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=' }),
  'half a signature': () => verify({ 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt' }),
  'a signature without its version': () => verify({ 'webhook-signature': signature.slice(3) }),
  'a signature of another version': () => verify({ 'webhook-signature': signature.replace('v1', 'v2') }),
  'another id than was signed': () => verify({ 'webhook-id': 'msg_other' }),
  'another body than was signed': () => verify({}, { text: `${body} ` }),
  'another secret': () => verify({}, { secrets: [other] }),
  'no secret at all': () => verify({}, { secrets: [] }),
  'a timestamp just too old': () => verify({}, { at: new Date(now.getTime() + 300_001) }),
  'a timestamp just too new': () => verify({}, { at: new Date(now.getTime() - 300_001) }),
}

for (const [what, act] of Object.entries(refusals)) {
  test(`refuses ${what}`, () => {
    expect(act).toThrow(expect.objectContaining({ code: 'bad_signature', status: 401 }))
  })
}

test('a new secret has the usual form, 32 random bytes, and is never the same twice', () => {
  expect(generateSigningSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(generateSigningSecret()).not.toBe(generateSigningSecret())
})

test('a request says by its headers whether it is signed', () => {
  expect(hasWebhookSignature(new Headers({ 'Webhook-Signature': signature }))).toBe(true)
  expect(hasWebhookSignature(new Headers({ authorization: 'Bearer x' }))).toBe(false)
})
