import { storableText } from '#lib/http/storable'

const SECRET_NAME = /^(proxy-)?authorization$|cookie|signature|secret|token|passw|api[-_]?key|credential/i
const MOST_HEADERS = 60
const LONGEST_VALUE = 1000

/** Headers as they may be stored and shown: secrets masked, bounded in number and length, names in lower case. */
export function maskHeaders(headers: Iterable<[string, string]>): Record<string, string> {
  const kept: [string, string][] = []
  for (const [name, value] of headers) {
    if (kept.length >= MOST_HEADERS) break
    kept.push([storableText(name.toLowerCase().slice(0, 100)), maskHeader(name, value)])
  }
  return Object.fromEntries(kept)
}

function maskHeader(name: string, value: string): string {
  if (!SECRET_NAME.test(name)) return storableText(value.slice(0, LONGEST_VALUE))
  // The scheme tells what somebody tried; the rest is theirs.
  const scheme = /^authorization$/i.test(name) ? /^[a-z]+(?= )/i.exec(value)?.[0] : undefined
  return scheme ? `${scheme} [masked]` : '[masked]'
}
