/** The other side may ask for a pause; longer than this is not believed. */
export const MAX_ASKED_WAIT_MS = 3_600_000

/** After a lost answer, time for the other side to finish what it may have begun, before we look or repeat. */
const LOST_ANSWER_WAIT_MS = 10_000

type NextWait = {
  /** Planned waits between attempts, in seconds. */
  delaysS: readonly number[]
  /** Attempts made so far in this run, at least 1. */
  attempt: number
  /** What the other side asked for, in milliseconds. */
  askedMs?: number | null
  answerLost?: boolean
  /** Evenly in [0, 1). */
  random: () => number
}

/**
 * How long to wait before the next attempt, in milliseconds; null when the schedule has ended.
 * Full jitter: evenly between nothing and the planned wait, so that what failed together does not come back together.
 * A wait that the other side asked for is kept whole, up to an hour, with a tenth of jitter on top.
 */
export function nextWaitMs({ delaysS, attempt, askedMs, answerLost = false, random }: NextWait): number | null {
  const plannedS = delaysS[attempt - 1]
  if (plannedS === undefined) return null
  const jittered = Math.round(random() * plannedS * 1000)
  const asked = Math.min(askedMs ?? 0, MAX_ASKED_WAIT_MS)
  return Math.max(jittered, Math.round(asked * (1 + random() / 10)), answerLost ? LOST_ANSWER_WAIT_MS : 0)
}
