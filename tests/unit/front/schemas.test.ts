import { expect, test } from 'vitest'
import {
  attachmentIdOf,
  authorNameOf,
  conversationIdOf,
  customersOf,
  frontMessage,
  idFromLink,
  inboxIdOf,
  repliedToIdOf,
} from '#lib/front/schemas'
import { answers } from '#tests/contract/recorded-answers'

const message = frontMessage.parse(answers.message)

test('a reply says whose conversation it belongs to, what it answers, who wrote it and for whom', () => {
  expect(conversationIdOf(message)).toBe('cnv_yo1kg5q')
  expect(repliedToIdOf(message)).toBe('msg_1ab23cd4')
  expect(authorNameOf(message)).toBe('Leela Turanga')
  expect(customersOf(message).map(({ handle }) => handle)).toEqual(['calculon'])
})

test('fields that we do not know stay with the message', () => {
  expect(frontMessage.parse({ ...answers.message, new_field: { a: 1 } })).toMatchObject({ new_field: { a: 1 } })
})

test('the least that a message can be is enough', () => {
  const least = frontMessage.parse({ id: 'msg_1' })
  expect(least).toMatchObject({
    id: 'msg_1',
    body: '',
    recipients: [],
    attachments: [],
    author: null,
    created_at: null,
  })
  expect([conversationIdOf(least), repliedToIdOf(least), authorNameOf(least), customersOf(least)]).toEqual([
    null,
    null,
    null,
    [],
  ])
})

test('nulls and odd values in what we only show do not lose the message', () => {
  const odd = {
    id: 'msg_1',
    body: null,
    recipients: null,
    attachments: null,
    author: 'x',
    metadata: [],
    _links: null,
    created_at: 'x',
  }
  expect(frontMessage.parse(odd)).toMatchObject({
    body: '',
    recipients: [],
    attachments: [],
    author: null,
    metadata: null,
  })
})

for (const wrong of [
  {},
  { id: '' },
  { id: 7 },
  { id: 'm', attachments: 'x' },
  { type: 'message', payload: {} },
  null,
  [],
]) {
  test(`${JSON.stringify(wrong)} is no message`, () => {
    expect(frontMessage.safeParse(wrong).success).toBe(false)
  })
}

test('an id is the last part of a link, without its query', () => {
  const links: [string | null | undefined, string | null][] = [
    ['https://x.example/conversations/cnv_1', 'cnv_1'],
    ['https://x.example/conversations/cnv_1/', 'cnv_1'],
    ['https://x.example/conversations/cnv_1?a=/b#c', 'cnv_1'],
    ['/conversations/cnv_1', 'cnv_1'],
    ['https://x.example/channels/alt:address:a%40b.c', 'alt:address:a@b.c'],
    ['https://x.example/channels/%E0%A4%A', '%E0%A4%A'],
    ['', null],
    [null, null],
    [undefined, null],
  ]
  expect(links.map(([link]) => idFromLink(link))).toEqual(links.map(([, id]) => id))
})

test('a file without an id is named by its link', () => {
  expect(attachmentIdOf({ id: 'fil_1', url: null })).toBe('fil_1')
  expect(attachmentIdOf({ id: null, url: 'https://x.example/messages/msg_1/download/fil_2?x=1' })).toBe('fil_2')
  expect(attachmentIdOf({ id: null, url: null })).toBeNull()
})

test('without a “to”, a message is for everybody but the channel', () => {
  const people = ['from', 'cc', null].map((role) => ({ handle: `h-${role}`, name: null, role }))
  expect(customersOf({ recipients: people }).map(({ handle }) => handle)).toEqual(['h-cc', 'h-null'])
})

test('a channel says which inbox it is in, or that it is in none', () => {
  expect(inboxIdOf({ _links: { related: { inbox: 'https://x.example/inboxes/inb_1' } } })).toBe('inb_1')
  expect(inboxIdOf({ _links: { related: { inbox: null } } })).toBeNull()
})
