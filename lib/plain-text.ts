import sanitizeHtml from 'sanitize-html'
import { isTooDeep, textBetweenTags } from '#lib/html-depth'

const LONGEST = 100_000
const BREAKS = /<br\s*\/?>|<\/(p|div|li|h\d|blockquote|pre|tr)>/gi

/** A body without its markup, for lists and search: at most 100,000 characters. */
export function plainText(body: string, format: 'text' | 'html' | 'markdown'): string {
  return (format === 'html' ? htmlToText(body) : body).slice(0, LONGEST).toWellFormed()
}

export function htmlToText(html: string): string {
  if (isTooDeep(html)) return textBetweenTags(html).trim()
  const bare = sanitizeHtml(html.replaceAll(BREAKS, '$&\n'), { allowedTags: [], allowedAttributes: {} })
  return decodeEntities(bare)
    .replaceAll('\u00a0', ' ')
    .replaceAll(/\n\s*\n\s*\n/g, '\n\n')
    .trim()
}

/** The entities that are left once the markup is gone. */
function decodeEntities(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
