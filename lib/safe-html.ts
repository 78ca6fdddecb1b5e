import sanitizeHtml from 'sanitize-html'
import { isTooDeep, textBetweenTags } from '#lib/html-depth'

type ShownTag = { tagName: string; attribs: Record<string, string>; text?: string }

const TAGS = [
  ...['p', 'br', 'div', 'span', 'b', 'strong', 'i', 'em', 'u', 's', 'sub', 'sup', 'small', 'code', 'pre', 'blockquote'],
  ...[
    'ul',
    'ol',
    'li',
    'a',
    'hr',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'table',
    'thead',
    'tbody',
    'tr',
    'td',
    'th',
    'img',
  ],
]

type Options = {
  /** Images of other servers tell them who reads what and when: only shown when a person asks for it. */
  showImages: boolean
}

export type SafeHtml = { html: string; blockedImages: number }

/**
 * A message's HTML made safe to put into a page: no script, style, form, frame, class or id; links open apart and tell
 * nothing; images become their description unless asked for, and then only https ones.
 */
export function safeHtml(html: string, { showImages }: Options): SafeHtml {
  if (isTooDeep(html)) return { html: textBetweenTags(html).replaceAll('>', '&gt;'), blockedImages: 0 }
  let blockedImages = 0
  const safe = sanitizeHtml(html, {
    allowedTags: TAGS,
    allowedAttributes: {
      a: ['href', 'rel', 'target', 'title'],
      img: ['src', 'alt', 'loading', 'referrerpolicy'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['https'] },
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    transformTags: {
      a: (tagName, { href = '' }) => ({
        tagName,
        attribs: { href, rel: 'noopener noreferrer nofollow', target: '_blank', title: href },
      }),
      img: (_tagName, { src = '', alt = '' }): ShownTag => {
        if (showImages && src.startsWith('https://')) {
          return { tagName: 'img', attribs: { src, alt, loading: 'lazy', referrerpolicy: 'no-referrer' } }
        }
        blockedImages += 1
        return { tagName: 'span', attribs: {}, text: alt ? `[image: ${alt}]` : '[image]' }
      },
    },
  })
  return { html: safe, blockedImages }
}
