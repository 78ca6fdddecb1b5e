import { describe, expect, test } from 'vitest'
import {
  asSentence,
  formatBytes,
  formatDay,
  formatDuration,
  formatExact,
  formatNumber,
  formatRelative,
} from '#lib/format'

const now = new Date('2026-03-10T12:00:00Z')
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000)

describe('formatRelative', () => {
  test.each([
    [0, 'just now'],
    [-4, 'just now'],
    [4, 'in a moment'],
    [-5, '5 s ago'],
    [-59, '59 s ago'],
    [-60, '1 min ago'],
    [240, 'in 4 min'],
    [-3599, '59 min ago'],
    [-3600, '1 h ago'],
    [-86_400, '1 d ago'],
    [36_000, 'in 10 h'],
  ])('%i seconds from now reads "%s"', (seconds, words) => {
    expect(formatRelative(inSeconds(seconds), now)).toBe(words)
  })

  test('gives the date itself beyond a month', () => {
    expect(formatRelative(inSeconds(-30 * 86_400), now)).toBe('8 Feb 2026')
  })
})

test('a day is the one of its zone', () => {
  const late = new Date('2026-03-10T23:30:00Z')
  expect(formatDay(late, 'UTC')).toBe('10 Mar 2026')
  expect(formatDay(late, 'Europe/Berlin')).toBe('11 Mar 2026')
})

test('an exact time names its zone', () => {
  expect(formatExact(now, 'UTC')).toBe('10 Mar 2026, 12:00:00 UTC')
  expect(formatExact(now, 'Asia/Kolkata')).toBe('10 Mar 2026, 17:30:00 GMT+5:30')
})

test.each([
  [0.4, '0 ms'],
  [240, '240 ms'],
  [999.7, '1.0 s'],
  [1234, '1.2 s'],
  [9960, '10 s'],
  [38_000, '38 s'],
  [59_700, '1 min'],
  [250_000, '4 min 10 s'],
  [7_500_000, '2 h 5 min'],
  [7_200_000, '2 h'],
  [273_600_000, '3 d 4 h'],
])('a duration of %d ms reads "%s"', (ms, words) => {
  expect(formatDuration(ms)).toBe(words)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [4096, '4.1 kB'],
  [9960, '10 kB'],
  [999_400, '999 kB'],
  [999_600, '1 MB'],
  [25_000_000, '25 MB'],
  [1_500_000_000, '1.5 GB'],
])('%d bytes read "%s"', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words)
})

test('long numbers are grouped', () => {
  expect(formatNumber(12_408)).toBe('12,408')
})

test.each([
  ['Moving house', 'Moving house.'],
  ['Done.', 'Done.'],
  ['Why? ', 'Why?'],
])('what somebody wrote, %o, ends as a sentence', (text, sentence) => {
  expect(asSentence(text)).toBe(sentence)
})
