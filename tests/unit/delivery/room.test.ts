import { expect, test } from 'vitest'
import { createRoom } from '#lib/delivery/room'

/** Work that stays inside until told to go. */
function visitors(total: number) {
  const room = createRoom(total)
  const inside = new Map<string, { leave: () => void; fail: () => void }>()
  const done: Promise<unknown>[] = []
  const come = (name: string, size: number) => {
    const visit = room.use(size, () => {
      return new Promise<void>((resolve, reject) => {
        inside.set(name, { leave: resolve, fail: () => reject(new Error(name)) })
      }).finally(() => inside.delete(name))
    })
    done.push(visit.catch(() => {}))
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return { come, inside, settled, names: () => [...inside.keys()] }
}

test('lets in what fits, in the order of asking, and small ones never pass a large one', async () => {
  const { come, inside, settled, names } = visitors(10)
  come('a', 6)
  come('b', 6)
  come('c', 1)
  await settled()
  expect(names()).toEqual(['a'])
  inside.get('a')?.leave()
  await settled()
  expect(names()).toEqual(['b', 'c'])
})

test('what takes no room waits for nobody', async () => {
  const { come, settled, names } = visitors(10)
  come('a', 10)
  come('b', 10)
  come('c', 0)
  await settled()
  expect(names().toSorted()).toEqual(['a', 'c'])
})

test('what is larger than the room has it alone, and a failure gives its room back', async () => {
  const { come, inside, settled, names } = visitors(10)
  come('huge', 500)
  come('next', 10)
  await settled()
  expect(names()).toEqual(['huge'])
  inside.get('huge')?.fail()
  await settled()
  expect(names()).toEqual(['next'])
})
