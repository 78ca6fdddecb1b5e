import { describe, expect, test } from 'vitest'
import { MAX_ASKED_WAIT_MS, nextWaitMs } from '#lib/delivery/schedule'
import { seededRandom } from '#tests/support/random'

const delaysS = [5, 30, 120]

describe('the wait before the next attempt', () => {
  test('lies evenly between nothing and the planned wait', () => {
    const random = seededRandom(1)
    const waits = Array.from({ length: 2000 }, () => nextWaitMs({ delaysS, attempt: 2, random }) ?? Number.NaN)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000)
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    expect(mean).toBeGreaterThan(14_000)
    expect(mean).toBeLessThan(16_000)
  })

  test('ends with the schedule', () => {
    expect(nextWaitMs({ delaysS, attempt: 3, random: () => 0.5 })).toBe(60_000)
    expect(nextWaitMs({ delaysS, attempt: 4, random: () => 0.5 })).toBeNull()
    expect(nextWaitMs({ delaysS: [], attempt: 1, random: () => 0.5 })).toBeNull()
  })

  test('is never shorter than what the other side asked for', () => {
    expect(nextWaitMs({ delaysS, attempt: 1, askedMs: 20_000, random: () => 0 })).toBe(20_000)
    expect(nextWaitMs({ delaysS, attempt: 3, askedMs: 1000, random: () => 0.9 })).toBe(108_000)
  })

  test('believes no more than an hour', () => {
    expect(nextWaitMs({ delaysS, attempt: 1, askedMs: 86_400_000, random: () => 0 })).toBe(MAX_ASKED_WAIT_MS)
  })

  test('leaves the other side time to finish after a lost answer', () => {
    expect(nextWaitMs({ delaysS, attempt: 1, answerLost: true, random: () => 0 })).toBe(10_000)
  })
})
