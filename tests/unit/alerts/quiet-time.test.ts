import { describe, expect, test } from 'vitest'
import { isQuiet, isTimeZone } from '#lib/alerts/quiet-time'

const night = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }
const noon = { from: '12:00', to: '13:30', zone: 'Asia/Kolkata' }

describe('quiet time', () => {
  test.each([
    ['begins with its first minute', night, '2026-11-27T21:00:00Z', true],
    ['has not begun the minute before', night, '2026-11-27T20:59:59Z', false],
    ['goes over midnight', night, '2026-11-27T23:30:00Z', true],
    ['ends with its last minute', night, '2026-11-28T06:00:00Z', false],
    ['lasts until then', night, '2026-11-28T05:59:59Z', true],
    ['follows summer time', night, '2026-07-01T20:00:00Z', true],
    ['may lie within a day, in a zone of half hours', noon, '2026-11-27T07:59:00Z', true],
    ['is over after it', noon, '2026-11-27T08:00:00Z', false],
  ])('%s', (_, quiet, at, expected) => {
    expect(isQuiet(quiet, new Date(at))).toBe(expected)
  })

  test('is never, where there is none', () => {
    expect(isQuiet(null, new Date())).toBe(false)
  })
})

test('a time zone is one that this machine knows', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
})
