/** What went unused of the rate is made up for this long. */
const CATCH_UP_MS = 2000

/** How many may go now at a rate, and the state of the rate after `n` have gone. */
export function allowance({ perMinute, tat, now }: { perMinute: number; tat: Date | null; now: Date }) {
  const everyMs = 60_000 / perMinute
  const from = Math.max(tat?.getTime() ?? 0, now.getTime() - Math.max(CATCH_UP_MS, everyMs))
  return {
    most: Math.max(0, Math.floor((now.getTime() - from) / everyMs)),
    tatAfter: (n: number) => new Date(from + n * everyMs),
  }
}
