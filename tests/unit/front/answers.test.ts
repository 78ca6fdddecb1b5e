import { expect, test } from 'vitest'
import { describeError, readAccepted, readRateLimit, readRetryAfterMs } from '#lib/front/answers'

const now = new Date('2026-11-21T12:00:00Z')

const errors: Record<string, [number, string, string]> = {
  'an error with details': [
    400,
    '{"_error":{"status":400,"title":"Bad request","message":"Body did not satisfy requirements","details":["body.sender: missing","body.body: missing"]}}',
    'Body did not satisfy requirements (body.sender: missing; body.body: missing)',
  ],
  'an error without a status': [
    400,
    '{"_error":{"message":"Unexpected token a in JSON at position 109"}}',
    'Unexpected token a in JSON at position 109',
  ],
  'an error with a title only': [401, '{"_error":{"title":"Unauthenticated"}}', 'Unauthenticated'],
  'a list of errors': [400, '{"_error":[{"message":"first"},{"message":"second"}]}', 'first'],
  'an error of 2016': [400, '{"errors":[{"title":"t","detail":"Some detail","status":"400"}]}', 'Some detail'],
  'an error of somebody else': [500, '{"message":"Internal server error"}', 'Internal server error'],
  'an error of odd types': [400, '{"_error":{"message":42,"details":"no list"}}', 'Front answered with status 400'],
  'a text for an error': [400, '{"_error":"nope"}', 'Front answered with status 400'],
  'a web page': [502, '<html>\n<h1>Bad Gateway</h1></html>', 'Bad Gateway'],
  nothing: [503, '', 'Front answered with status 503'],
}

for (const [what, [status, body, sentence]] of Object.entries(errors)) {
  test(`${what} is put into words`, () => {
    expect(describeError({ status, body })).toBe(sentence)
  })
}

test('an accepted message gives its uid, whatever else the answer holds', () => {
  expect(readAccepted({ status: 202, body: '{"status":"accepted","message_uid":"3b1q41d8"}' })).toEqual({
    messageUid: '3b1q41d8',
  })
  expect(readAccepted({ status: 200, body: '{"message_uid":"3b1q41d8"}' })).toEqual({ messageUid: '3b1q41d8' })
})

for (const body of ['', '{}', '{"message_uid":""}', '{"message_uid":7}', 'accepted', 'null']) {
  test(`an answer like ${body || 'nothing'} has no uid`, () => {
    expect(readAccepted({ status: 202, body })).toBeNull()
  })
}

test('a refusal has no uid even where it names one', () => {
  expect(readAccepted({ status: 400, body: '{"message_uid":"3b1q41d8"}' })).toBeNull()
})

test('rate-limit headers are read from every answer', () => {
  const headers = {
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '37',
    'x-ratelimit-reset': '1795262430.5',
    'x-ratelimit-burst-limit': '50',
    'x-ratelimit-burst-remaining': '0',
  }
  expect(readRateLimit({ status: 200, headers, body: '' }, now)).toEqual({
    limit: 100,
    remaining: 37,
    resetAt: new Date(1795262430500),
    burstLimit: 50,
    burstRemaining: 0,
    retryAfterMs: null,
  })
})

test('headers that are missing or senseless are unknown, not zero', () => {
  const headers = { 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '' }
  expect(readRateLimit({ status: 200, headers, body: '' }, now)).toEqual({
    limit: null,
    remaining: null,
    resetAt: null,
    burstLimit: null,
    burstRemaining: null,
    retryAfterMs: null,
  })
})

const burst = '{"_error":{"message":"Rate limit exceeded for tier-2 route. Please retry in 341 milliseconds."}}'
const inTen = String(now.getTime() / 1000 + 10)
const waits: [string, Record<string, string>, string, number | null][] = [
  ['Retry-After in seconds', { 'retry-after': '7', 'x-ratelimit-reset': inTen }, burst, 7000],
  ['the text of a burst limit', { 'x-ratelimit-reset': inTen }, burst, 341],
  ['the reset', { 'x-ratelimit-reset': inTen }, '{}', 10_000],
  ['a reset that has passed', { 'x-ratelimit-reset': '1' }, '{}', 0],
  ['nothing', {}, '{}', null],
]

for (const [what, headers, body, expected] of waits) {
  test(`how long to wait is told by ${what}`, () => {
    expect(readRateLimit({ status: 429, headers, body }, now).retryAfterMs).toBe(expected)
  })
}

test('Retry-After is understood in both its forms and refused in others', () => {
  expect(readRetryAfterMs(' 1.5 ', now)).toBe(1500)
  expect(readRetryAfterMs('Sat, 21 Nov 2026 12:00:30 GMT', now)).toBe(30_000)
  expect(readRetryAfterMs('Sat, 21 Nov 2026 11:00:00 GMT', now)).toBe(0)
  for (const odd of [undefined, '', 'soon', '-5', '2026', '1e3', 'NaN']) {
    expect([odd, readRetryAfterMs(odd, now)]).toEqual([odd, odd === '2026' ? 2_026_000 : null])
  }
})
