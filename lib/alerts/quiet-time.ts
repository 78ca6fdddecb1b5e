/** Times of day as `22:00`, in an IANA time zone. One that ends before it begins goes over midnight. */
export type QuietTime = { from: string; to: string; zone: string }

/** Whether a moment lies in quiet time: its first minute does, its last one no longer. */
export function isQuiet(quiet: QuietTime | null, now: Date): boolean {
  if (!quiet) return false
  const time = timeIn(quiet.zone, now)
  const { from, to } = quiet
  return from <= to ? time >= from && time < to : time >= from || time < to
}

function timeIn(zone: string, now: Date): string {
  const options = { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat('en-GB', options).format(now)
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
