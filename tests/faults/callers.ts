import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Letter } from '#tests/faults/count'
import { type Installation, pollUntil } from '#tests/faults/installation'
import { handOver } from '#tests/faults/letters'
import type { Line } from '#tests/faults/line'
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

const MOVES = 3

const merged: Row = {
  name: 'Front moves conversations while replies wait',
  how: 'While the provider takes no connections, Front shows a letter of a second conversation of ours in the first one’s place, so newer replies go to the second; three times.',
  run: async ({ installation, line }) => {
    const [talk] = await openTalks(line)
    if (talk === undefined) throw new Error('There is nothing to talk in.')
    const replies = () => line.send([talk], { directions: ['outbound'], letters: 2 })
    for (let time = 1; time <= MOVES; time += 1) {
      const key = `${talk}-again-${time}`
      await line.toProvider.refuse()
      await replies()
      await line.send([talk], { directions: ['inbound'], conversationKey: () => key })
      await pollUntil(async () => (await pairedKey(installation, line, talk)) === key)
      await replies()
      await line.toProvider.pass()
      if (time < MOVES) await pause(FLOW_MS)
    }
    return { injected: MOVES, recoveryMs: await recovery(line) }
  },
}

/** Between two moves some replies are under way, some wait. */
const FLOW_MS = 500

/** What our conversation is called that Front's conversation belongs to now. */
async function pairedKey({ db }: Installation, { channel }: Line, talk: string): Promise<string | undefined> {
  const [row] = await db.execute<{ key: string }>(sql`
    select c.key from front_conversations f join conversations c on c.id = f.conversation_id
    where f.channel_id = ${channel.id} and f.front_conversation_id = ${`cnv_${talk}`}`)
  return row?.key
}

export const callers: Group = { rows: [duplicates, merged] }
