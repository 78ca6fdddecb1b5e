import { describe, expect, test } from 'vitest'
import { ERROR_CLASSES } from '#lib/delivery/error-classes'
import { errorWords } from '#lib/delivery/error-words'
import { arrivedAfterAll, explainStatus, shownStatus } from '#lib/delivery/status-words'

describe('words for a failure', () => {
  for (const errorClass of ERROR_CLASSES) {
    test(`of class ${errorClass} are whole sentences for both sides`, () => {
      for (const direction of ['inbound', 'outbound'] as const) {
        for (const ended of [false, true]) {
          const words = errorWords(errorClass, direction, { ended })
          for (const text of Object.values(words)) expect(text).toMatch(/^[A-Z]/)
          for (const text of [words.happened, words.cause, words.tryThis]) expect(text).toMatch(/\.$/)
          expect(JSON.stringify(words)).not.toMatch(/[{}]side|\{Side\}/)
        }
      }
    })

    test(`of class ${errorClass} promise no further attempt once Patchbay has stopped`, () => {
      expect(errorWords(errorClass, 'inbound', { ended: true }).tryThis).not.toMatch(
        /tries again|next attempt|goes on by itself/i,
      )
    })
  }

  test('name the side that was called', () => {
    expect(errorWords('refused', 'inbound').happened).toContain('of Front')
    expect(errorWords('refused', 'outbound').happened).toContain('of the provider')
  })

  test('exist for a class that nobody knows', () => {
    expect(errorWords('from_the_future', 'inbound').title).toBe('An unknown problem')
    expect(errorWords(null, 'inbound').title).toBe('An unknown problem')
  })
})

describe('the status of a message', () => {
  test('is held only while it still waits', () => {
    const held = { frontState: 'none', held: true } as const
    expect(shownStatus({ ...held, status: 'pending' })).toBe('held')
    expect(shownStatus({ ...held, status: 'retrying' })).toBe('held')
    expect(shownStatus({ ...held, status: 'failed' })).toBe('failed')
    expect(shownStatus({ ...held, status: 'delivered' })).toBe('delivered')
  })

  test('tells accepted by Front from confirmed from never seen', () => {
    const say = (frontState: 'accepted' | 'confirmed' | 'missing') =>
      explainStatus({ status: 'delivered', frontState, held: false, direction: 'inbound', answerLost: false })
    expect(say('accepted')).toMatch(/^Accepted by Front/)
    expect(say('confirmed')).toMatch(/^Confirmed/)
    expect(say('missing')).toMatch(/not appeared/)
    expect(shownStatus({ status: 'delivered', frontState: 'missing', held: false })).toBe('unconfirmed')
  })

  test('of what failed says when it may have arrived after all', () => {
    const failed = { status: 'failed', frontState: 'none', held: false, direction: 'outbound' } as const
    expect(explainStatus({ ...failed, answerLost: false })).toContain('has not reached the provider')
    expect(explainStatus({ ...failed, answerLost: true })).toContain('may have reached the provider')
    const bounced = { ...failed, answerLost: false, lastErrorClass: 'bounced' }
    expect(explainStatus(bounced)).toMatch(/took the reply.*did not reach the customer/)
  })
})

describe('a message arrived after all', () => {
  const told = { status: 'delivered', direction: 'outbound', reportedAt: null, reports: 2 } as const

  test('when Front had been told that it failed and it was delivered later', () => {
    expect(arrivedAfterAll(told)).toBe(true)
    expect(arrivedAfterAll({ ...told, reports: 0 })).toBe(false)
    expect(arrivedAfterAll({ ...told, status: 'retrying' })).toBe(false)
    expect(arrivedAfterAll({ ...told, status: 'failed', reportedAt: new Date() })).toBe(false)
  })

  test('when it was sent outside Front and its bounce was taken back, however it gets to Front', () => {
    expect(arrivedAfterAll({ ...told, direction: 'inbound', status: 'failed' })).toBe(true)
    expect(arrivedAfterAll({ ...told, direction: 'inbound', reportedAt: new Date() })).toBe(false)
  })
})
