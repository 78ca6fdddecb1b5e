import { DrizzleQueryError } from 'drizzle-orm/errors'
import { expect, test, vi } from 'vitest'
import { AppError } from '#lib/errors'
import { respondToFront } from '#lib/http/respond-to-front'

vi.mock('#lib/log', () => ({ log: () => {} }))

const UNREAD = { mode: 'ok', isRead: false } as const
const READ = { mode: 'ok', isRead: true } as const
const MATCHING = { mode: 'matching', isRead: true } as const

const throwing = (error: unknown, answering: { mode: 'ok' | 'matching'; isRead: boolean }) =>
  respondToFront('test', answering, async () => {
    throw error
  })

test('an answer passes as it is', async () => {
  const answer = Response.json({ type: 'success' })
  expect(await respondToFront('test', UNREAD, async () => answer)).toBe(answer)
})

test('a refusal of what is not verified has its own status, a later one that which the app is set to', async () => {
  const error = new AppError('forbidden', 'This channel carries no replies.')
  const answers = await Promise.all([UNREAD, READ, MATCHING].map((answering) => throwing(error, answering)))
  expect(answers.map(({ status }) => status)).toEqual([403, 200, 403])
  for (const answer of answers) {
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toEqual({ type: 'forbidden', message: 'This channel carries no replies.' })
  }
})

test('how far the call got is asked only once it went wrong', async () => {
  const answering = { mode: 'ok' as const, isRead: false }
  const answer = await respondToFront('test', answering, async () => {
    answering.isRead = true
    throw new AppError('not_found', 'There is no such channel.')
  })
  expect(answer.status).toBe(200)
})

test('whoever is to wait is told how long, in whole seconds, whatever the status', async () => {
  const error = new AppError('rate_limited', 'Wait.', { retryAfterS: 2.2 })
  for (const answering of [UNREAD, READ, MATCHING]) {
    expect((await throwing(error, answering)).headers.get('retry-after')).toBe('3')
  }
})

test('a body that is too large ends its connection', async () => {
  const answer = await throwing(new AppError('payload_too_large', 'The body is too large.'), UNREAD)
  expect([answer.status, answer.headers.get('connection')]).toEqual([400, 'close'])
  expect(await answer.json()).toMatchObject({ type: 'bad_request' })
})

test('a database that is away and a bug are told without a word from inside', async () => {
  const away = Object.assign(new Error('connect to secret.host'), { code: 'ECONNREFUSED' })
  for (const [error, words] of [
    [new DrizzleQueryError('select secret', ['secret'], away), /database/],
    [new TypeError('secret'), /went wrong/],
  ] as const) {
    const [early, late] = [await throwing(error, UNREAD), await throwing(error, READ)]
    expect([early.status, late.status]).toEqual([500, 200])
    const { type, message } = await late.json()
    expect(type).toBe('internal_error')
    expect(message).toMatch(words)
    expect((await early.text()) + message).not.toContain('secret')
  }
})

test('a provider that is away is not taken for the database', async () => {
  const cause = Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
  const answer = await throwing(new AppError('unavailable', 'The provider does not answer.', { cause }), READ)
  expect(await answer.json()).toEqual({ type: 'internal_error', message: 'The provider does not answer.' })
})
