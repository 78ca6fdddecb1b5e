import { describe, expect, test } from 'vitest'
import { safeHtml } from '#lib/safe-html'

const clean = (html: string) => safeHtml(html, { showImages: false }).html

describe('a message’s HTML', () => {
  const attacks: Record<string, string> = {
    'a script': '<p>hi</p><script>alert(1)</script>',
    'an event handler': '<p onclick="alert(1)">hi</p>',
    'an image that fails on purpose': '<img src=x onerror=alert(1)>',
    'a link that runs': '<a href="javascript:alert(1)">x</a>',
    'a link that runs, disguised': '<a href="java&#x09;script:alert(1)">x</a>',
    'a data link': '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    'a frame': '<iframe src="https://evil.example"></iframe>',
    'a form': '<form action="https://evil.example"><input name="password"></form>',
    'an svg': '<svg onload="alert(1)"><use href="https://evil.example#x"/></svg>',
    'styles that cover the page': '<div style="position:fixed;inset:0" class="fixed" id="content">x</div>',
    'a style sheet': '<style>@import "https://evil.example/x.css"</style>',
    'a stylesheet link and a base':
      '<link rel="stylesheet" href="https://evil.example"><base href="https://evil.example">',
    'a meta refresh': '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    'markup that hides in a noscript': '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    'an unclosed tag': '<img src="https://evil.example/x.png" <b>x',
  }
  for (const [what, html] of Object.entries(attacks)) {
    test(`loses ${what}`, () => {
      const safe = clean(html).replaceAll(/&(lt|gt|quot);/g, '')
      expect(safe).not.toMatch(
        /<(script|iframe|form|input|svg|style|link|meta|base|img|noscript)|\son\w+=|style=|class=|\sid=|href="(javascript|data)/i,
      )
    })
  }

  test('keeps its plain formatting', () => {
    const html = '<p>Hi <b>Ada</b>,<br />see <ul><li>one</li></ul></p>'
    expect(clean(html)).toContain('<b>Ada</b>')
    expect(clean(html)).toContain('<li>one</li>')
  })

  test('opens its links apart, without saying where from, and shows where they lead', () => {
    expect(clean('<a href="https://example.org/x" target="_top" class="a">here</a>')).toBe(
      '<a href="https://example.org/x" rel="noopener noreferrer nofollow" target="_blank" title="https://example.org/x">here</a>',
    )
  })

  test('fetches no image unasked and says how many there are', () => {
    const result = safeHtml('<img src="https://t.example/a.gif" alt="A chart"><img src="cid:1">', { showImages: false })
    expect(result).toEqual({ html: '<span>[image: A chart]</span><span>[image]</span>', blockedImages: 2 })
  })

  test('shows only https images when asked, and tells their server nothing', () => {
    const { html, blockedImages } = safeHtml(
      '<img src="https://t.example/a.gif" onerror="x()"><img src="http://t.example/b.gif"><img src="data:image/png;base64,AA">',
      { showImages: true },
    )
    expect(html).toContain('<img src="https://t.example/a.gif" alt="" loading="lazy" referrerpolicy="no-referrer" />')
    expect(html).not.toContain('b.gif')
    expect(html).not.toContain('data:')
    expect(blockedImages).toBe(2)
  })

  test('takes a description of an image as text', () => {
    expect(clean('<img src="x" alt="<script>alert(1)</script>">')).not.toContain('<script')
  })
})
