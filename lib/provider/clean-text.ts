const MAX_DEPTH = 20

/**
 * Makes parsed JSON fit for storage: Postgres takes neither NUL characters nor half surrogate pairs, and what lies deeper
 * than 20 levels is no message.
 */
export function cleanText(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return cleanString(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) return null
  if (Array.isArray(value)) return value.map((item) => cleanText(item, depth + 1))
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__')
  return Object.fromEntries(entries.map(([key, child]) => [cleanString(key), cleanText(child, depth + 1)]))
}

export function cleanString(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed()
}
