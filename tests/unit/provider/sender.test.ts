import { expect, test } from 'vitest'
import { readSender } from '#lib/provider/sender'

test('contact and e-mail are read from a message as it arrived', () => {
  const raw = { sender: { handle: 'ada', contact_id: 'crd_1', email: ' ada@example.com ' }, body: 'x' }
  expect(readSender(raw)).toEqual({ contactId: 'crd_1', email: 'ada@example.com' })
})

const without: unknown[] = [
  null,
  1,
  'x',
  [],
  {},
  { sender: null },
  { sender: {} },
  { sender: { contact_id: 1, email: '' } },
]

test.each(without)('%j says neither', (raw) => {
  expect(readSender(raw)).toEqual({ contactId: null, email: null })
})
