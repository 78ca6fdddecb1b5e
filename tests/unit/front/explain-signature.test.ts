import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { explainSignature, type PastedCall } from '#lib/front/explain-signature'
import { signApplication, signCustom } from '#lib/front/signature'

const SECRET = 'front_test_secret'
const BODY = '{"type":"message","payload":{"id":"msg_1"}}'
const MS = '1694761200000'
const now = new Date(Number(MS))

function explain({ body = BODY, ...more }: Partial<Omit<PastedCall, 'rawBody'>> & { body?: string } = {}) {
  return explainSignature({
    method: 'POST',
    rawBody: Buffer.from(body),
    signature: signApplication(BODY, MS, SECRET),
    timestamp: MS,
    secrets: [{ label: 'current', secret: SECRET }],
    now,
    ...more,
  })
}

test('a call that is right is explained by its variant and its secret, without a hint', () => {
  expect(explain()).toEqual({ match: { variant: 'sha256_timestamp_raw', secret: 'current' }, fault: null, hints: [] })
})

test('the vector of Front’s documents for a DELETE matches as “undefined”', () => {
  const signature = 'XrTDB5SblXAs4EKHx6d87gHzpTKtzoL9w4yP8TG/+dE='
  const { match, hints } = explain({ method: 'DELETE', body: '', signature })
  expect(match?.variant).toBe('sha256_timestamp_undefined')
  expect(hints.join(' ')).toContain('“undefined”')
})

test('a call signed with the previous secret says so', () => {
  const secrets = [
    { label: 'current', secret: 'new one' },
    { label: 'previous', secret: SECRET },
  ] as const
  const { match, hints } = explain({ secrets })
  expect(match?.secret).toBe('previous')
  expect(hints[0]).toContain('previous app secret')
})

test('a call pasted a day later is told to be right but for its age', () => {
  const { match, fault, hints } = explain({ now: new Date(now.getTime() + 86_400_000) })
  expect({ match: match?.variant, fault }).toEqual({ match: 'sha256_timestamp_raw', fault: 'stale_timestamp' })
  expect(hints.join(' ')).toMatch(/signature is right.*signed 24 hours ago/)
})

test('a call that is old and wrong is told to be wrong', () => {
  const answer = explain({
    now: new Date(now.getTime() + 86_400_000),
    secrets: [{ label: 'current', secret: 'other' }],
  })
  expect(answer).toMatchObject({ match: null, fault: 'no_match' })
})

const hmac = (text: string) => createHmac('sha256', SECRET).update(text)

test.each<[string, Parameters<typeof explain>[0], RegExp]>([
  ['SHA-1 over the body', { signature: signCustom(BODY, SECRET) }, /HMAC-SHA1 over the body, made with this secret/],
  ['SHA-1 by another secret', { signature: signCustom(BODY, 'api secret') }, /length of HMAC-SHA1/],
  ['no timestamp in what was signed', { signature: hmac(BODY).digest('base64') }, /without the timestamp/],
  ['hexadecimal digits', { signature: hmac(`${MS}:${BODY}`).digest('hex') }, /but for being written in hexadecimal/],
  ['a full stop', { signature: hmac(`${MS}.${BODY}`).digest('base64') }, /joined by a full stop/],
  ['a signature cut short', { signature: signApplication(BODY, MS, SECRET).slice(0, 30) }, /too short/],
  ['spaces around the signature', { signature: ` ${signApplication(BODY, MS, SECRET)}` }, /without the spaces around/],
  [
    'a line break after the body',
    { body: 'Hello\n', signature: signApplication('Hello', MS, SECRET) },
    /around the body/,
  ],
  ['other line ends', { body: 'a\r\nb', signature: signApplication('a\nb', MS, SECRET) }, /other line ends/],
  ['a line break lost', { signature: signApplication(`${BODY}\n`, MS, SECRET) }, /copying lost it/],
  ['a space in the stored secret', { secrets: [{ label: 'current', secret: `${SECRET} ` }] }, /stored app secret/],
  ['the timestamp in the other unit', { timestamp: '1694761200' }, /timestamp in milliseconds/],
  [
    'the timestamp in the other unit, the other way',
    { signature: signApplication(BODY, '1694761200', SECRET) },
    /in seconds/,
  ],
  [
    '“undefined” under a POST with a body',
    { signature: hmac(`${MS}:undefined`).digest('base64') },
    /in place of a body/,
  ],
])('names the cause: %s', (_what, call, hint) => {
  const { match, fault, hints } = explain(call)
  expect(match).toBeNull()
  expect(fault).not.toBeNull()
  expect(hints.join('\n')).toMatch(hint)
})

test('a body written with other spaces matches, and the hint says what happened', () => {
  const { match, hints } = explain({ body: JSON.stringify(JSON.parse(BODY), null, 2) })
  expect(match?.variant).toBe('sha256_timestamp_reserialised')
  expect(hints[0]).toContain('written anew')
})

test('the wrong secret gives no hint but is called no match', () => {
  expect(explain({ secrets: [{ label: 'current', secret: 'OAuth client secret' }] })).toEqual({
    match: null,
    fault: 'no_match',
    hints: [],
  })
})

test('without any secret the fault says so', () => {
  expect(explain({ secrets: [] }).fault).toBe('no_secret')
})
