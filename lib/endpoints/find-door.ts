import type { Database } from '#db/client'
import { type Door, findDoors } from '#db/queries/intake'
import { createGrouping } from '#lib/grouping'

const LIMITS = { fewest: 2, most: 100, mostWeight: Number.POSITIVE_INFINITY, patienceMs: 20, mostAtOnce: 4 }

type Asked = { channelKey: string; now: Date }

const groupings = new WeakMap<Database, (asked: Asked) => Promise<Door | null>>()

/**
 * The channel that a URL names; null when unknown or archived. Calls at the same moment share a query, which begins
 * after each of them has come: a key that was revoked or a channel that was archived before a call is so for it.
 */
export function findDoor(db: Database, asked: Asked): Promise<Door | null> {
  let find = groupings.get(db)
  if (!find) {
    find = groupFor(db)
    groupings.set(db, find)
  }
  return find(asked)
}

function groupFor(db: Database) {
  const find = async (group: Asked[]) => {
    const channelKeys = [...new Set(group.map(({ channelKey }) => channelKey))]
    const now = new Date(Math.max(...group.map((asked) => asked.now.getTime())))
    const doors = await findDoors(db, { channelKeys, now })
    return group.map(({ channelKey }) => doors.get(channelKey) ?? null)
  }
  return createGrouping<Asked, Door | null>({
    together: find,
    alone: async (asked) => (await find([asked]))[0] ?? null,
    // Everybody is told of a failure: what one cannot read the others cannot either.
    isUndone: () => false,
    weigh: () => 1,
    limits: LIMITS,
  })
}
