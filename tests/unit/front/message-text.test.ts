import fc from 'fast-check'
import sanitizeHtml from 'sanitize-html'
import { expect, test } from 'vitest'
import { textToHtml } from '#lib/front/message-text'

test('lines, spaces and signs of plain text are seen as they were written', () => {
  expect(textToHtml('a\nb\r\nc')).toBe('a<br>b<br>c')
  expect(textToHtml('  a  b')).toBe('&nbsp; a&nbsp; b')
  expect(textToHtml('snake_case & *stars* <3 "\'')).toBe('snake_case &amp; *stars* &lt;3 &quot;&#39;')
})

test('no text becomes markup, and all of it can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const html = textToHtml(text)
      const back = html
        .replaceAll('<br>', '\n')
        .replaceAll('&nbsp;', ' ')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&')
      expect(back).toBe(text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    '))
      expect(sanitizeHtml(html, { allowedTags: ['br'] }).replaceAll('<br />', '')).not.toMatch(/<[a-z]/i)
    }),
  )
})
