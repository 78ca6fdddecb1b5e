import type { Direction } from '#db/schema/targets'

/** One message of a conversation as the tests number them: by what is written in it, not by anybody's id. */
export type Letter = { talk: string; direction: Direction; n: number }

/** A message that the other side really took in, and the id under which it came. */
export type Arrival = Letter & { id: string }

export type Count = {
  taken: number
  /** Answered for with a 2xx, and never seen on the other side. */
  lost: number
  /** Arrivals beyond the first one of a message. */
  duplicated: number
  /** Those among them that came under another id than the first one did. */
  otherId: number
  /** Arrivals after one of a later message of the same conversation and direction. */
  outOfOrder: number
}

/**
 * What became of messages that were answered for. `arrivals` are in the order in which they came; each conversation's
 * messages were handed over one after the other, so their numbers tell the right order.
 */
export function countLetters(taken: Letter[], arrivals: Arrival[]): Count {
  const firstIds = new Map<string, string>()
  const furthest = new Map<string, number>()
  const count = { taken: taken.length, lost: 0, duplicated: 0, otherId: 0, outOfOrder: 0 }
  for (const arrival of arrivals) {
    const lane = `${arrival.direction} ${arrival.talk}`
    const firstId = firstIds.get(nameOf(arrival))
    if (firstId === undefined) firstIds.set(nameOf(arrival), arrival.id)
    else count.duplicated += 1
    if (firstId !== undefined && firstId !== arrival.id) count.otherId += 1
    const seen = furthest.get(lane) ?? -1
    if (arrival.n < seen) count.outOfOrder += 1
    furthest.set(lane, Math.max(seen, arrival.n))
  }
  count.lost = taken.filter((letter) => !firstIds.has(nameOf(letter))).length
  return count
}

function nameOf({ talk, direction, n }: Letter): string {
  return `${direction} ${talk} ${n}`
}
