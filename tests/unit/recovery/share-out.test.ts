import { expect, test } from 'vitest'
import { estimateMs, estimateWords } from '#lib/recovery/estimate'
import { allowance } from '#lib/recovery/rate'
import { shareOut } from '#lib/recovery/share-out'

const target = (channelId: string, room: number, companyId: string | null = null) => ({
  channelId,
  direction: 'outbound',
  room,
  companyId,
})
const shares = (given: Parameters<typeof shareOut>[0]) => shareOut(given).map(({ channelId, n }) => [channelId, n])

test('targets take turns, and what one has no room for goes to the others', () => {
  const targets = [target('a', 20), target('b', 1), target('c', 20)]
  expect(shares({ targets, most: 9, companies: new Map() })).toEqual([
    ['a', 4],
    ['b', 1],
    ['c', 4],
  ])
})

test('no more goes out than there is room for, and none to a target without room', () => {
  expect(shares({ targets: [target('a', 2), target('b', 0)], most: 9, companies: new Map() })).toEqual([['a', 2]])
  expect(shares({ targets: [], most: 9, companies: new Map() })).toEqual([])
})

test('channels of one Front company share its calls', () => {
  const targets = [target('a', 9, 'acme'), target('b', 9, 'acme'), target('c', 9), target('d', 9, 'unknown')]
  expect(shares({ targets, most: 20, companies: new Map([['acme', 3]]) })).toEqual([
    ['a', 2],
    ['b', 1],
    ['c', 9],
  ])
})

test('a rate allows what its time brings, and makes up for two seconds at the most', () => {
  const now = new Date(1_000_000)
  const before = (ms: number) => new Date(now.getTime() - ms)
  expect(allowance({ perMinute: 60, tat: before(1000), now }).most).toBe(1)
  expect(allowance({ perMinute: 60, tat: before(999), now }).most).toBe(0)
  expect(allowance({ perMinute: 600, tat: before(60_000), now }).most).toBe(20)
  expect(allowance({ perMinute: 1, tat: null, now }).most).toBe(1)
  expect(allowance({ perMinute: 60, tat: before(1500), now }).tatAfter(1)).toEqual(before(500))
})

test('an estimate follows the slowest of rate, target and calls of the company', () => {
  const part = { count: 600, direction: 'inbound', companyId: 'acme', rateEveryS: null, rateLimit: null } as const
  const minutes = (parts: Parameters<typeof estimateMs>[0], rate: number) => estimateMs(parts, rate) / 60_000
  expect(minutes([part], 60)).toBe(10)
  expect(minutes([{ ...part, rateEveryS: 2 }], 600)).toBe(20)
  expect(minutes([{ ...part, rateLimit: 50 }], 600)).toBe(30)
  expect(
    minutes(
      [
        { ...part, rateLimit: 50 },
        { ...part, rateLimit: 50 },
      ],
      600,
    ),
  ).toBe(60)
  expect(minutes([{ ...part, direction: 'outbound', rateLimit: 50 }], 600)).toBe(1)
  expect(minutes([], 600)).toBe(0)
})

test('an estimate is told without false precision', () => {
  const words = [10_000, 60_000, 3_600_000, 10_000_000, 200_000_000].map(estimateWords)
  expect(words).toEqual(['less than a minute', 'about 1 min', 'about 60 min', 'about 3 h', 'about 2 d'])
})
