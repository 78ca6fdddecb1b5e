import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_RETRY_DELAYS_S } from '#db/schema/channels'
import { formatRetrySchedule, MAX_WAIT_S, parseRetrySchedule } from '#lib/channels/retry-schedule'

describe('a retry schedule as a person writes it', () => {
  const readings: Record<string, number[]> = {
    '5s, 30s, 2m, 10m': [5, 30, 120, 600],
    '5 sec; 2 minutes; 1 hour': [5, 120, 3600],
    '1h 30m, 2d': [5400, 172_800],
    '1.5h': [5400],
    '45': [45],
    '10s\n20s\n': [10, 20],
    '5S, 1 Day': [5, 86_400],
    ' , ,': [],
    '': [],
  }
  for (const [text, delaysS] of Object.entries(readings)) {
    test(`reads ${JSON.stringify(text)}`, () => {
      expect(parseRetrySchedule(text)).toEqual({ ok: true, delaysS })
    })
  }

  const refusals: Record<string, [string, RegExp]> = {
    'a word': ['5s, soon', /“soon” is not a wait/],
    'an unknown unit': ['3 weeks', /not a wait/],
    'an inherited property name for a unit': ['3 constructor', /not a wait/],
    'a negative wait': ['-5s', /not a wait/],
    'no wait at all': ['0s', /too short/],
    'less than a second': ['0.2s', /too short/],
    'a wait of four days': ['4d', /too long.*3d/],
    'twenty-one waits': [Array(21).fill('1s').join(','), /At most 20 waits; these are 21/],
    'more than two weeks together': [Array(5).fill('3d').join(','), /14d at most/],
    'digits without end': ['9'.repeat(40), /not a wait/],
  }
  for (const [what, [text, problem]] of Object.entries(refusals)) {
    test(`refuses ${what}`, () => {
      expect(parseRetrySchedule(text)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
    })
  }

  test('shows the default as people would write it', () => {
    expect(formatRetrySchedule(DEFAULT_RETRY_DELAYS_S)).toBe('5s, 30s, 2m, 10m, 30m, 2h, 5h, 10h')
  })

  test('reads back whatever it shows', () => {
    const schedule = fc.array(fc.integer({ min: 1, max: MAX_WAIT_S }), { maxLength: 4 })
    fc.assert(
      fc.property(schedule, (delaysS) => {
        expect(parseRetrySchedule(formatRetrySchedule(delaysS))).toEqual({ ok: true, delaysS })
      }),
    )
  })
})
