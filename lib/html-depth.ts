const TAG = /<(\/?)([a-z][a-z0-9]*)/gi
/** These have no end, or end by themselves where the next one begins. */
const NOT_COUNTED = new Set([
  ...['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'],
  ...['dd', 'dt', 'li', 'option', 'p', 'td', 'th', 'tr'],
])
const DEEPEST = 2000

/**
 * Whether HTML is nested deeper than anybody writes. A parser's time grows with the square of the depth: a megabyte of
 * open tags holds everything else up for seconds.
 */
export function isTooDeep(html: string): boolean {
  let depth = 0
  for (const [, closing, name = ''] of html.matchAll(TAG)) {
    if (NOT_COUNTED.has(name.toLowerCase())) continue
    depth = closing ? Math.max(0, depth - 1) : depth + 1
    if (depth > DEEPEST) return true
  }
  return false
}

/** The text between the tags, found without understanding them: for HTML that is not worth parsing. */
export function textBetweenTags(html: string): string {
  return html.replaceAll(/<[^<>]*>/g, ' ').replaceAll('<', ' ')
}
