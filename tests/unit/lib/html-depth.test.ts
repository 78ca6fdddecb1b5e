import { expect, test } from 'vitest'
import { isTooDeep } from '#lib/html-depth'
import { htmlToText } from '#lib/plain-text'
import { safeHtml } from '#lib/safe-html'

test('what mail programs and people write is not too deep, however long it is', () => {
  expect(isTooDeep('<div><blockquote>'.repeat(300))).toBe(false)
  expect(isTooDeep('<p>a<br><img src="x">'.repeat(20_000))).toBe(false)
  expect(isTooDeep('<table><tr><td>a<td>b</table>'.repeat(5000))).toBe(false)
  expect(isTooDeep('1 < 2 and 3 </ 4 <3'.repeat(10_000))).toBe(false)
})

test('a heap of open tags is read without a parser, and nothing of it comes to life', () => {
  const heap = `${'<div>'.repeat(200_000)}<script>alert(1)</script><img src=x onerror=alert(1)> hello &lt;b&gt;`
  expect(isTooDeep(heap)).toBe(true)
  expect(htmlToText(heap)).toContain('hello')
  const { html } = safeHtml(heap, { showImages: true })
  expect(html).toContain('hello &lt;b&gt;')
  expect(html).not.toMatch(/[<>]/)
})

test('depth counts also where the tags are closed again', () => {
  expect(isTooDeep(`${'<i>'.repeat(3000)}${'</i>'.repeat(3000)}`)).toBe(true)
  expect(isTooDeep('<i></i>'.repeat(30_000))).toBe(false)
})
