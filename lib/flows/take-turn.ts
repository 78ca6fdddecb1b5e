import type { Db } from '#db/client'
import { type Limit, takeTurn } from '#db/queries/throttles'

const MOST_REMEMBERED = 5000

/** Limiters that are used up, until when, by the process's own clock. */
const usedUp = new Map<string, number>()

/**
 * As `takeTurn`, and who was told to wait is told so again without asking the database, so that a flood of refused calls
 * costs it little.
 */
export async function takeTurnSparingly(db: Db, limit: Limit): Promise<{ allowed: boolean; waitS: number }> {
  const waitMs = (usedUp.get(limit.key) ?? 0) - performance.now()
  if (waitMs > 0) return { allowed: false, waitS: Math.ceil(waitMs / 1000) }
  usedUp.delete(limit.key)
  const turn = await takeTurn(db, limit)
  if (!turn.allowed) {
    if (usedUp.size >= MOST_REMEMBERED) usedUp.clear()
    usedUp.set(limit.key, performance.now() + turn.waitS * 1000)
  }
  return turn
}
