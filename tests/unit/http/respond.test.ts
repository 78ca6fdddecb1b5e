import { DrizzleQueryError } from 'drizzle-orm/errors'
import { expect, test, vi } from 'vitest'
import { AppError } from '#lib/errors'
import { describeError, isDatabaseOutage } from '#lib/http/failures'
import { respond } from '#lib/http/respond'

vi.mock('#lib/log', () => ({ log: () => {} }))

const throwing = (error: unknown) =>
  respond('test', async () => {
    throw error
  })

const coded = (code: string) => Object.assign(new Error('inside'), { code })

test('an expected refusal keeps its words, its details and its wait', async () => {
  const details = [{ path: 'sender.handle', message: 'is needed' }]
  const answer = await throwing(new AppError('rate_limited', 'Slow down.', { details, retryAfterS: 2.2 }))
  expect(answer.status).toBe(429)
  expect(answer.headers.get('retry-after')).toBe('3')
  expect(await answer.json()).toEqual({ error: { code: 'rate_limited', message: 'Slow down.', details } })
})

test('a bug is told without a word of it', async () => {
  const answer = await throwing(new TypeError('cannot read secret of undefined'))
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('secret')
})

for (const code of ['ECONNREFUSED', 'CONNECT_TIMEOUT', 'CONNECTION_ENDED', '57P01', '53300', '08006']) {
  test(`a database that answers ${code} is out of reach, not broken`, async () => {
    const wrapped = new DrizzleQueryError('select 1', [], coded(code))
    expect(isDatabaseOutage(wrapped)).toBe(true)
    expect((await throwing(wrapped)).status).toBe(503)
  })
}

test('a statement that the database refuses is a bug', async () => {
  expect((await throwing(new DrizzleQueryError('select 1', [], coded('23505')))).status).toBe(500)
})

test('what is logged of a failed query holds no parameters', () => {
  const failed = new DrizzleQueryError('insert', ['a person’s message'], coded('23505'))
  expect(JSON.stringify(describeError(failed))).not.toContain('person')
  expect(describeError(failed)).toMatchObject({ code: '23505', message: 'inside' })
})
