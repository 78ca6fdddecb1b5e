/** Front takes no message without text: what stands in for it. */
export const ATTACHMENT_ONLY_BODY = 'Sent an attachment.'
export const EMPTY_BODY = '(no text)'

export type BodyFormat = 'text' | 'html' | 'markdown'

/** What stands in for the text of a message that has none; null where it has some. */
export function placeholderFor({ body, files }: { body: string; files: readonly unknown[] }): string | null {
  if (body.trim() !== '') return null
  return files.length > 0 ? ATTACHMENT_ONLY_BODY : EMPTY_BODY
}

/** Text as HTML that shows the same: nothing in it is markup, lines and runs of spaces stay. */
export function textToHtml(text: string): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
  return escaped
    .replaceAll(/\r\n?|\n/g, '<br>')
    .replaceAll('\t', '&nbsp;&nbsp;&nbsp; ')
    .replaceAll('  ', '&nbsp; ')
    .replaceAll(/(^|<br>) /g, '$1&nbsp;')
}
