import { expect, test } from 'vitest'
import { judgeStatus, judgeWireError } from '#lib/delivery/outcome'

test.each([
  [200, 'delivered', null, false],
  [202, 'delivered', null, false],
  [204, 'delivered', null, false],
  [302, 'try_again', 'redirect', false],
  [400, 'give_up', 'refused_content', false],
  [401, 'try_again', 'credentials', false],
  [403, 'try_again', 'credentials', false],
  [404, 'try_again', 'not_found', false],
  [408, 'try_again', 'server_error', true],
  [409, 'try_again', 'unexpected_answer', false],
  [410, 'give_up', 'gone', false],
  [413, 'give_up', 'refused_content', false],
  [422, 'give_up', 'refused_content', false],
  [429, 'try_again', 'rate_limited', false],
  [500, 'try_again', 'server_error', false],
  [502, 'try_again', 'server_error', true],
  [503, 'try_again', 'server_error', false],
  [504, 'try_again', 'server_error', true],
])('status %i means %s', (status, verdict, errorClass, answerLost) => {
  expect(judgeStatus(status)).toEqual({ verdict, errorClass, answerLost })
})

test('an answer that never came is tried again and remembered as lost', () => {
  expect(judgeWireError('timeout_answer', true)).toEqual({
    verdict: 'try_again',
    errorClass: 'timeout_answer',
    answerLost: true,
  })
})

test('a refused connection is tried again and nothing was lost', () => {
  expect(judgeWireError('refused', false)).toMatchObject({ verdict: 'try_again', answerLost: false })
})

test('an address that may not be called is given up', () => {
  expect(judgeWireError('blocked_address', false)).toMatchObject({ verdict: 'give_up' })
})
