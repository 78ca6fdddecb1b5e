const UNIT_S = { s: 1, m: 60, h: 3600, d: 86_400 } as const

type Unit = keyof typeof UNIT_S

const UNIT_NAMES: [Unit, string][] = [
  ['s', 's sec secs second seconds'],
  ['m', 'm min mins minute minutes'],
  ['h', 'h hr hrs hour hours'],
  ['d', 'd day days'],
]
const UNITS = new Map(UNIT_NAMES.flatMap(([unit, names]) => names.split(' ').map((name) => [name, unit] as const)))

export const MAX_WAITS = 20
export const MAX_WAIT_S = 3 * UNIT_S.d
export const MAX_TOTAL_S = 14 * UNIT_S.d

export type RetrySchedule = { ok: true; delaysS: number[] } | { ok: false; problem: string }

/**
 * Reads waits as a person writes them: `5s, 30s, 2 min, 1h 30m`. A bare number is seconds. An empty text means that
 * nothing is tried again.
 */
export function parseRetrySchedule(text: string): RetrySchedule {
  const parts = text
    .split(/[,;\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length > MAX_WAITS) return refuse(`At most ${MAX_WAITS} waits; these are ${parts.length}.`)
  const delaysS: number[] = []
  for (const part of parts) {
    const seconds = parseWait(part)
    if (seconds === null) return refuse(`“${part}” is not a wait. Write it as 30s, 2m, 5h or 1d.`)
    if (seconds < 1) return refuse(`“${part}” is too short. The shortest wait is 1 second.`)
    if (seconds > MAX_WAIT_S) return refuse(`“${part}” is too long. The longest wait is ${formatWait(MAX_WAIT_S)}.`)
    delaysS.push(seconds)
  }
  const total = delaysS.reduce((sum, delay) => sum + delay, 0)
  if (total > MAX_TOTAL_S) return refuse(`Together the waits may last ${formatWait(MAX_TOTAL_S)} at most.`)
  return { ok: true, delaysS }
}

/** Seconds as a person writes them: 5400 is `1h 30m`. */
export function formatWait(seconds: number): string {
  const parts: string[] = []
  let rest = seconds
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const amount = Math.floor(rest / UNIT_S[unit])
    if (amount > 0) parts.push(`${amount}${unit}`)
    rest -= amount * UNIT_S[unit]
  }
  return parts.join(' ') || '0s'
}

export function formatRetrySchedule(delaysS: readonly number[]): string {
  return delaysS.map(formatWait).join(', ')
}

/** `2h 30m` or `45` in whole seconds; null when it is neither. */
function parseWait(text: string): number | null {
  const lower = text.toLowerCase()
  if (/^\d{1,9}$/.test(lower)) return Number(lower)
  if (!/^(\d{1,9}(\.\d{1,3})?\s*[a-z]+\s*)+$/.test(lower)) return null
  let seconds = 0
  for (const [, amount, name] of lower.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const unit = UNITS.get(name ?? '')
    if (!unit) return null
    seconds += Number(amount) * UNIT_S[unit]
  }
  return Math.round(seconds)
}

function refuse(problem: string): RetrySchedule {
  return { ok: false, problem }
}
