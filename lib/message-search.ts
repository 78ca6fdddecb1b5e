import type { LogSearch } from '#db/queries/message-log'

/** How a search text is to be read: whatever fits, or one thing only. */
export const SEARCH_KINDS = ['auto', 'id', 'contact', 'text'] as const
export type SearchKind = (typeof SEARCH_KINDS)[number]

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const MAX_WORDS = 8

/** What to look for when somebody types `query`. Several of the parts at once mean: any of them. */
export function planSearch(query: string, kind: SearchKind): LogSearch {
  const text = query.trim()
  const nothing = { uuid: null, frontConversation: null, id: null, contact: null, text: null }
  if (text === '') return nothing
  const oneWord = !/\s/.test(text)
  const wants = (which: SearchKind) => kind === 'auto' || kind === which
  if (wants('id') && UUID.test(text)) return { ...nothing, uuid: text.toLowerCase(), id: text }
  if (wants('id') && /^cnv_\w+$/i.test(text)) return { ...nothing, frontConversation: text }
  if (wants('id') && /^msg_\w+$/i.test(text)) return { ...nothing, id: text }
  return {
    ...nothing,
    id: wants('id') ? text : null,
    contact: kind === 'contact' ? text : kind === 'auto' ? asHandle(text, oneWord) : null,
    text: kind === 'text' || (kind === 'auto' && !isHandle(text)) ? asTsquery(text) : null,
  }
}

/** A phone number as people write it, or an address. */
function isHandle(text: string): boolean {
  return /^\+?[\d\s().-]{5,}$/.test(text) || /^\S+@\S*$/.test(text)
}

function asHandle(text: string, oneWord: boolean): string | null {
  if (/^\+[\d\s().-]{5,}$/.test(text)) return text.replace(/[\s().-]/g, '')
  return oneWord || isHandle(text) ? text : null
}

/** Words as prefixes, joined by "and"; null when nothing searchable is left. */
function asTsquery(text: string): string | null {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
  return words.length === 0
    ? null
    : words
        .slice(0, MAX_WORDS)
        .map((word) => `${word.slice(0, 60)}:*`)
        .join(' & ')
}
