const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "just now", "12 s ago", "in 4 min", "3 h ago", "2 d ago"; beyond a month "5 Mar 2026" (UTC). */
export function formatRelative(at: Date, now: Date): string {
  const away = at.getTime() - now.getTime()
  const size = Math.abs(away)
  if (size < 5 * SECOND) return away > 0 ? 'in a moment' : 'just now'
  if (size >= 30 * DAY) {
    return formatDay(at, 'UTC')
  }
  const amount = roundedAmount(size)
  return away > 0 ? `in ${amount}` : `${amount} ago`
}

function roundedAmount(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`
  return `${Math.floor(ms / DAY)} d`
}

/** To the second, with its zone: "21 Nov 2026, 10:45:09 UTC". Without `timeZone` in the zone of this machine. */
export function formatExact(at: Date, timeZone?: string): string {
  return at.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone,
  })
}

/** "21 Nov 2026". Without `timeZone` in the zone of this machine. */
export function formatDay(at: Date, timeZone?: string): string {
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone })
}

/** "240 ms", "1.2 s", "38 s", "4 min 10 s", "2 h 5 min", "3 d 4 h". */
export function formatDuration(ms: number): string {
  // Rounded before the unit is chosen, so that nothing reads "1000 ms" or "60 s".
  if (Math.round(ms) < SECOND) return `${Math.round(ms)} ms`
  const tenths = Math.round(ms / 100)
  if (tenths < 100) return `${(tenths / 10).toFixed(1)} s`
  const whole = Math.round(ms / SECOND) * SECOND
  if (whole < MINUTE) return `${whole / SECOND} s`
  if (whole < HOUR) return twoUnits(whole, MINUTE, 'min', SECOND, 's')
  if (whole < DAY) return twoUnits(whole, HOUR, 'h', MINUTE, 'min')
  return twoUnits(whole, DAY, 'd', HOUR, 'h')
}

function twoUnits(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small)
  return `${Math.floor(ms / large)} ${largeUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ''}`
}

/** Decimal units, as limits are written: "512 B", "4 kB", "1.3 MB", "25 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const [value, unit] = bytes < 999_500 ? [bytes / 1000, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ${unit}`
}

/** With thin grouping: "12,408". */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-GB')
}

/** What somebody wrote, closed by a full stop unless it ends a sentence already. */
export function asSentence(text: string): string {
  return text.trim().replace(/[.!?…]?$/, (end) => end || '.')
}
