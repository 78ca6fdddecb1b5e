import type { Letter } from '#tests/faults/count'
import { handOver } from '#tests/faults/letters'
import { type Group, openTalks, type Row, recovery } from '#tests/faults/row'

const COPIES = 4

const duplicates: Row = {
  name: 'duplicate posts from both sides',
  how: 'Every letter is posted five times, first four times at once and once more when all have been answered for.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    const doors = line.doors(installation.server)
    const again = (letter: Letter, copies: number) =>
      Promise.all(Array.from({ length: copies }, () => handOver(doors, letter)))
    await line.send(talks, { letters: 5, alongside: (letter) => again(letter, COPIES - 1) })
    await Promise.all(line.taken.map((letter) => again(letter, 1)))
    return { injected: line.taken.length + (line.taken.length - 6) * (COPIES - 1), recoveryMs: await recovery(line) }
  },
}

export const callers: Group = { rows: [duplicates] }
