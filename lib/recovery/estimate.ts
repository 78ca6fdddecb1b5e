import type { Direction } from '#db/schema/targets'

type Part = {
  count: number
  direction: Direction
  companyId: string
  /** Seconds for each delivery; null means no limit. */
  rateEveryS: number | null
  /** Front's calls a minute; null where Front has not told. */
  rateLimit: number | null
}

/** Four fifths of Front's calls flow evenly, and a message to Front takes two: what it accepted is looked up. */
const CALLS_IN_USE = 0.8
const CALLS_PER_MESSAGE = 2
/** What one worker carries at most, with little to wait for. */
const MOST_PER_MINUTE = 6000

/**
 * About how long a recovery takes, in milliseconds: what its slowest limit allows, which is the chosen rate, the rate of a
 * target, or the calls of a Front company. What is held, retried or passes through one busy conversation takes longer.
 */
export function estimateMs(parts: Part[], perMinute: number): number {
  const minutes = [0]
  const toFront = new Map<string, { count: number; limit: number }>()
  let total = 0
  for (const { count, direction, companyId, rateEveryS, rateLimit } of parts) {
    total += count
    if (rateEveryS) minutes.push((count * rateEveryS) / 60)
    if (direction === 'outbound' || rateLimit === null) continue
    const known = toFront.get(companyId)
    toFront.set(companyId, { count: (known?.count ?? 0) + count, limit: rateLimit })
  }
  for (const { count, limit } of toFront.values()) minutes.push((count * CALLS_PER_MESSAGE) / (limit * CALLS_IN_USE))
  minutes.push(total / Math.min(perMinute, MOST_PER_MINUTE))
  return Math.round(Math.max(...minutes) * 60_000)
}

/** In words that promise no more than is known: "less than a minute", "about 12 min", "about 3 h", "about 2 d". */
export function estimateWords(ms: number): string {
  if (ms < 60_000) return 'less than a minute'
  const minutes = Math.round(ms / 60_000)
  if (minutes < 120) return `about ${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `about ${hours} h` : `about ${Math.round(hours / 24)} d`
}
