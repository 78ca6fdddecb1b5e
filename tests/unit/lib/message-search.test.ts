import { describe, expect, test } from 'vitest'
import { planSearch, type SearchKind } from '#lib/message-search'

const nothing = { uuid: null, frontConversation: null, id: null, contact: null, text: null }
const uuid = '01A1FD95-8086-7000-855f-19eb09f2e9d2'

describe('what somebody types is read as', () => {
  const cases: [string, string, SearchKind, Partial<typeof nothing> | Record<string, string | null>][] = [
    ['nothing, when it is empty', '   ', 'auto', {}],
    ['our own id, or the provider’s when it uses such ids too', uuid, 'auto', { uuid: uuid.toLowerCase(), id: uuid }],
    ['Front’s conversation', 'cnv_1a2b', 'auto', { frontConversation: 'cnv_1a2b' }],
    ['Front’s message', 'msg_1a2b', 'auto', { id: 'msg_1a2b' }],
    ['an id, a contact or a word', 'anna', 'auto', { id: 'anna', contact: 'anna', text: 'anna:*' }],
    ['several words', 'lost  Parcel', 'auto', { id: 'lost  Parcel', text: 'lost:* & parcel:*' }],
    [
      'a phone number as people write it',
      '+49 (30) 123-456',
      'auto',
      { id: '+49 (30) 123-456', contact: '+4930123456' },
    ],
    ['an e-mail address', 'ada@example.org', 'auto', { id: 'ada@example.org', contact: 'ada@example.org' }],
    ['an id only', 'anna', 'id', { id: 'anna' }],
    ['a contact only', 'anna', 'contact', { contact: 'anna' }],
    ['text only, even when it looks like an id', 'msg_1a2b', 'text', { text: 'msg_1a2b:*' }],
    [
      'text without what a tsquery would trip over',
      `it's & ! | (x:*) \\ 'y`,
      'text',
      { text: 'it:* & s:* & x:* & y:*' },
    ],
    ['words of any script', 'Łódź 東京', 'text', { text: 'łódź:* & 東京:*' }],
    ['nothing to find, when only signs are left', '!!! ---', 'text', {}],
  ]
  for (const [what, typed, kind, plan] of cases) {
    test(what, () => {
      expect(planSearch(typed, kind)).toEqual({ ...nothing, ...plan })
    })
  }

  test('no more than eight words, however much is pasted', () => {
    expect(planSearch('a b c d e f g h i j', 'text').text).toBe('a:* & b:* & c:* & d:* & e:* & f:* & g:* & h:*')
  })
})
