import { expect, test } from 'vitest'
import { type Arrival, countLetters, type Letter } from '#tests/faults/count'
import { judge } from '#tests/faults/row'

const letters = (...numbers: number[]): Letter[] => numbers.map((n) => ({ talk: 'a', direction: 'inbound', n }))
const arrivals = (...numbers: number[]): Arrival[] =>
  letters(...numbers).map((letter) => ({ ...letter, id: `id-${letter.n}` }))

test('what arrived once and in order is nothing to complain about', () => {
  const count = countLetters(letters(0, 1, 2), arrivals(0, 1, 2))
  expect(count).toEqual({ taken: 3, lost: 0, duplicated: 0, otherId: 0, outOfOrder: 0 })
  expect(judge(count, 0)).toEqual([])
})

test('what was answered for and never arrived is lost, even as the last of its conversation', () => {
  expect(countLetters(letters(0, 1, 2), arrivals(0, 1))).toMatchObject({ lost: 1 })
})

test('a repetition counts once for each time, and apart when it has another id', () => {
  const again = { ...letters(1)[0], id: 'id-other' } as Arrival
  const count = countLetters(letters(0, 1), [...arrivals(0, 0, 1, 1), again])
  expect(count).toEqual({ taken: 2, lost: 0, duplicated: 3, otherId: 1, outOfOrder: 0 })
})

test('an arrival after a later one of its conversation and direction is out of order, a repetition included', () => {
  expect(countLetters(letters(0, 1, 2), arrivals(1, 0, 2))).toMatchObject({ outOfOrder: 1 })
  expect(countLetters(letters(0, 1), arrivals(0, 1, 0))).toMatchObject({ outOfOrder: 1, duplicated: 1 })
})

test('conversations and directions have nothing to do with one another’s order', () => {
  const other: Arrival[] = [
    { talk: 'b', direction: 'inbound', n: 0, id: 'b' },
    { talk: 'a', direction: 'outbound', n: 0, id: 'c' },
  ]
  expect(countLetters(letters(0, 1), [...arrivals(0, 1), ...other])).toMatchObject({ outOfOrder: 0, duplicated: 0 })
})

test('repetitions are in order only as far as answers were lost', () => {
  const count = countLetters(letters(0, 1), arrivals(0, 0, 1, 1))
  expect(judge(count, 2)).toEqual([])
  expect(judge(count, 1)).toEqual(['2 repeated, though only 1 answers were lost'])
})

test('each broken promise is named, and a row in which nothing happened proves nothing', () => {
  expect(judge({ taken: 4, lost: 1, duplicated: 1, otherId: 1, outOfOrder: 2 }, 1)).toEqual([
    '1 lost',
    '2 out of order',
    '1 repeated under another id',
  ])
  expect(judge(countLetters([], []), 0)).toEqual(['no message went in'])
})
