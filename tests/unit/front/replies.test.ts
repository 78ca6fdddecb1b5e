import { describe, expect, test } from 'vitest'
import { AppError } from '#lib/errors'
import { addressList, authorized, FRONT_ERROR_STATUSES, frontError, taken } from '#lib/front/replies'
import { respondToFront } from '#lib/http/respond-to-front'

const refused = (code: string) => ({ code, message: 'Why not.' })

describe('a typed error', () => {
  test.each([
    ['invalid_input', 'bad_request', 400],
    ['receive_only', 'bad_request', 400],
    ['unauthenticated', 'authentication_required', 401],
    ['bad_signature', 'authentication_required', 401],
    ['forbidden', 'forbidden', 403],
    ['not_found', 'not_found', 404],
    ['timed_out', 'request_timeout', 408],
    ['rate_limited', 'too_many_requests', 429],
    ['unavailable', 'internal_error', 500],
    ['nobody knows this', 'internal_error', 500],
    ['constructor', 'internal_error', 500],
  ])('for %s is %s, with status %d where the setting says so', (code, type, status) => {
    const body = { type, message: 'Why not.' }
    expect(frontError(refused(code), { mode: 'matching', isRead: true })).toEqual({ status, body })
    expect(frontError(refused(code), { mode: 'ok', isRead: true })).toEqual({ status: 200, body })
  })

  test('of a call that could not be verified or read has its own status whatever the setting', () => {
    expect(frontError(refused('bad_signature'), { mode: 'ok', isRead: false }).status).toBe(401)
  })

  test('knows the seven codes of Front and no other', () => {
    expect(Object.keys(FRONT_ERROR_STATUSES)).toHaveLength(7)
  })
})

test('answers are those that Front expects', () => {
  expect(authorized('https://p.example/x')).toEqual({ type: 'success', webhook_url: 'https://p.example/x' })
  expect(taken({ externalId: 'a', externalConversationId: 'b' })).toEqual({
    type: 'success',
    external_id: 'a',
    external_conversation_id: 'b',
  })
  const one = [{ address: 'a', name: 'A' }]
  expect(addressList(one, null)).toEqual({ type: 'success', addresses: one })
  expect(addressList(one, 't')).toEqual({ type: 'success', addresses: one, pagination: { next_page_token: 't' } })
})

describe('answering Front', () => {
  const answering = { mode: 'ok' as const, isRead: true }

  test('a bug is told without a word of the inside', async () => {
    const answer = await respondToFront('test', answering, async () => {
      throw new Error('password=hunter2')
    })
    expect(answer.status).toBe(200)
    const { type, message } = await answer.json()
    expect(type).toBe('internal_error')
    expect(message).not.toContain('hunter2')
  })

  test('how far the call got counts at the moment of the refusal', async () => {
    const far = { mode: 'ok' as 'ok' | 'matching', isRead: false }
    const answer = await respondToFront('test', far, async () => {
      far.isRead = true
      far.mode = 'matching'
      throw new AppError('rate_limited', 'Slower.', { retryAfterS: 3 })
    })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3'])
  })
})
