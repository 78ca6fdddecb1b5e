import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createGrouping, type GroupingOptions } from '#lib/grouping'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

const LIMITS = { fewest: 2, most: 10, mostWeight: 100, patienceMs: 50, mostAtOnce: 2 }

/** Groups that end when the test says so; `done` tells in which groups numbers were doubled. */
function gatedDoubler(more: Partial<GroupingOptions<number, number>> = {}) {
  const done: number[][] = []
  const gates: (() => void)[] = []
  const together = async (group: number[]) => {
    await new Promise<void>((resolve) => gates.push(resolve))
    done.push(group)
    return group.map((n) => n * 2)
  }
  const alone = async (n: number) => {
    done.push([n])
    return n * 2
  }
  const double = createGrouping({ together, alone, isUndone: () => true, weigh: () => 1, limits: LIMITS, ...more })
  const open = async () => {
    await turn()
    gates.shift()?.()
    await turn()
  }
  return { double, done, open }
}

async function turn(): Promise<void> {
  for (let n = 0; n < 3; n += 1) await new Promise((resolve) => setImmediate(resolve))
}

test('a call by itself is done at once and alone', async () => {
  const { double, done } = gatedDoubler()
  expect(await double(4)).toBe(8)
  expect(done).toEqual([[4]])
})

test('what comes while a group is under way goes together in the next, and each gets its own result', async () => {
  const { double, done, open } = gatedDoubler()
  const first = [double(1), double(2)]
  await turn()
  const second = [double(3), double(4), double(5)]
  await open()
  expect(done).toEqual([[1, 2]])
  expect(await Promise.all(first)).toEqual([2, 4])
  await open()
  expect(await Promise.all(second)).toEqual([6, 8, 10])
  expect(done).toEqual([
    [1, 2],
    [3, 4, 5],
  ])
})

test('nobody is answered before the group is done', async () => {
  const { double, open } = gatedDoubler()
  const answered = vi.fn()
  const both = Promise.all([double(1).then(answered), double(2).then(answered)])
  await turn()
  expect(answered).not.toHaveBeenCalled()
  await open()
  await both
  expect(answered).toHaveBeenCalledTimes(2)
})

test('a group that fails is taken apart, so that only what fails by itself fails', async () => {
  const alone = async (n: number) => {
    if (n === 13) throw new Error('bad luck')
    return n * 2
  }
  const together = async () => Promise.reject(new Error('all or nothing'))
  const { double } = gatedDoubler({ together, alone })
  const ends = await Promise.allSettled([double(1), double(13), double(2)])
  expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason.message))).toEqual([2, 'bad luck', 4])
})

test('a group that may have been done is not done again: everybody is told', async () => {
  const alone = vi.fn()
  const together = async () => Promise.reject(new Error('connection lost'))
  const { double } = gatedDoubler({ together, alone, isUndone: () => false })
  const ends = await Promise.allSettled([double(1), double(2)])
  expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected'])
  expect(alone).not.toHaveBeenCalled()
})

test('a group that takes too long lets the next one begin, up to a limit', async () => {
  const { double, done, open } = gatedDoubler()
  const stuck = [double(1), double(2)]
  await turn()
  const next = [double(3), double(4)]
  await turn()
  vi.advanceTimersByTime(LIMITS.patienceMs)
  await turn()
  const third = [double(5), double(6)]
  vi.advanceTimersByTime(LIMITS.patienceMs)
  await open()
  expect(done).toEqual([[1, 2]])
  await open()
  await open()
  expect(await Promise.all([...stuck, ...next, ...third])).toEqual([2, 4, 6, 8, 10, 12])
})

test('a group takes no more than it may by number and by weight, and what is heavy goes by itself', async () => {
  const { double, done, open } = gatedDoubler({ weigh: (n) => n, limits: { ...LIMITS, most: 3 } })
  const all = [1, 2, 3, 4, 40, 50, 20, 60].map((n) => double(n))
  await turn()
  expect(done).toEqual([[60]])
  await open()
  await open()
  await open()
  await Promise.all(all)
  expect(done).toEqual([[60], [1, 2, 3], [4, 40, 50], [20]])
})
