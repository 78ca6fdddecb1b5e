import { expect, test } from 'vitest'
import { AppError, type ErrorDetail } from '#lib/errors'
import { decodeMultipart } from '#lib/provider/multipart'
import { readProviderAnswer } from '#lib/provider/provider-answer'
import { parseIncomingMessage } from '#lib/provider/schemas'

const good = { sender: { handle: 'ada', name: 'Ada', contact_id: 'crd_1' }, body: 'Hello', subject: 'An order' }
const parse = (fields: unknown, fileCount = 0) => parseIncomingMessage(fields, { fileCount, kind: 'custom' })

function detailsOf(act: () => unknown): ErrorDetail[] {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_input') return error.details
    throw error
  }
  return []
}

test('the least that Front takes is enough', () => {
  expect(parse({ sender: { handle: 'ada' }, body: 'Hello' })).toEqual({
    sender: { handle: 'ada', name: null, contact_id: null },
    subject: null,
    body: 'Hello',
    body_format: 'text',
    metadata: { thread_ref: null, headers: null },
    external_id: null,
    sent_at: null,
    conversation_key: null,
  })
})

test('everything that is known comes through, and unknown fields do no harm', () => {
  const metadata = { thread_ref: 't', headers: { any: { deep: [1, null] } } }
  const extra = { body_format: 'html', external_id: 'm-1', conversation_key: 'c-1', color: 'blue' }
  expect(parse({ ...good, ...extra, metadata, sent_at: '2026-11-21T12:00:00Z' })).toEqual({
    ...good,
    body_format: 'html',
    metadata,
    external_id: 'm-1',
    conversation_key: 'c-1',
    sent_at: new Date('2026-11-21T12:00:00Z'),
  })
})

for (const [given, expected] of [
  [1_763_726_400, '2025-11-21T12:00:00.000Z'],
  [1_763_726_400.123, '2025-11-21T12:00:00.123Z'],
  ['1763726400', '2025-11-21T12:00:00.000Z'],
  [1_763_726_400_123, '2025-11-21T12:00:00.123Z'],
  ['2025-11-21T13:00:00+01:00', '2025-11-21T12:00:00.000Z'],
] as const) {
  test(`sent_at may be ${given}`, () => {
    expect(parse({ ...good, sent_at: given }).sent_at?.toISOString()).toBe(expected)
  })
}

test('a message without text is fine when a file comes along', () => {
  expect(parse({ sender: { handle: 'ada' } }, 1).body).toBe('')
  expect(parse({ sender: { handle: 'ada' }, body: null }, 1).body).toBe('')
})

test('a key that reaches for every object’s prototype is dropped', () => {
  const parsed = parse(
    JSON.parse('{"sender":{"handle":"a"},"body":"b","metadata":{"headers":{"__proto__":{"bad":1},"ok":1}}}'),
  )
  expect(parsed.metadata.headers).toEqual({ ok: 1 })
  expect(Object.hasOwn(parsed.metadata.headers ?? {}, '__proto__')).toBe(false)
})

const refused: Record<string, [unknown, string[]]> = {
  'no sender': [{ body: 'b' }, ['sender']],
  'no handle': [{ sender: {}, body: 'b' }, ['sender.handle']],
  'an empty handle': [{ sender: { handle: ' ' }, body: 'b' }, ['sender.handle']],
  'a number for a handle': [{ sender: { handle: 42 }, body: 'b' }, ['sender.handle']],
  'no text and no file': [{ sender: { handle: 'a' } }, ['body']],
  'a blank text': [{ sender: { handle: 'a' }, body: ' \n' }, ['body']],
  'an object for a body': [{ sender: { handle: 'a' }, body: {} }, ['body']],
  'another format': [{ ...good, body_format: 'rtf' }, ['body_format']],
  'a long external_id': [{ ...good, external_id: 'x'.repeat(201) }, ['external_id']],
  'a long conversation_key': [{ ...good, conversation_key: 'x'.repeat(201) }, ['conversation_key']],
  'a word for a time': [{ ...good, sent_at: 'soon' }, ['sent_at']],
  'a year for a time': [{ ...good, sent_at: 2026 }, ['sent_at']],
  'a list for headers': [{ ...good, metadata: { headers: [] } }, ['metadata.headers']],
  'files inside JSON': [{ ...good, attachments: ['https://x.example/a.png'] }, ['attachments']],
  'a thread_ref at the top': [{ ...good, thread_ref: 't' }, ['thread_ref']],
  'a misspelt thread_ref': [{ ...good, metadata: { thread_reff: 't' } }, ['metadata.thread_reff']],
  'the key of application channels': [
    { ...good, metadata: { external_conversation_id: 'c', external_id: 'm' } },
    ['metadata.external_conversation_id', 'metadata.external_id'],
  ],
  'several faults at once': [
    { sender: {}, body_format: 'rtf', sent_at: 'soon', attachments: [1] },
    ['attachments', 'sender.handle', 'body_format', 'sent_at', 'body'],
  ],
  'a list': [[], ['']],
  'a text': ['hello', ['']],
  null: [null, ['']],
}

for (const [what, [fields, paths]] of Object.entries(refused)) {
  test(`refuses ${what} and names ${paths.join(', ') || 'the whole'}`, () => {
    const details = detailsOf(() => parse(fields))
    expect(details.map(({ path }) => path)).toEqual(paths)
    for (const { message } of details) expect(message).toMatch(/^(is|belongs|can’t) /)
  })
}

function formOf(...fields: [string, string | File][]): FormData {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  return form
}

const picture = (name: string) => new File(['x'], name, { type: 'image/png' })

test('a form means the same as the JSON', () => {
  const form = formOf(
    ['sender[handle]', 'ada'],
    ['sender[name]', 'Ada'],
    ['body', 'Hello'],
    ['body_format', 'html'],
    ['metadata[thread_ref]', 't'],
    ['metadata[headers][ticket]', 'T-1'],
    ['sent_at', '1763726400'],
  )
  expect(parse(decodeMultipart(form).fields)).toEqual(
    parse({
      sender: { handle: 'ada', name: 'Ada' },
      body: 'Hello',
      body_format: 'html',
      metadata: { thread_ref: 't', headers: { ticket: 'T-1' } },
      sent_at: 1_763_726_400,
    }),
  )
})

for (const names of [
  ['attachments[1]', 'attachments[0]'],
  ['attachments', 'attachments'],
  ['attachments[]', 'attachments[]'],
]) {
  test(`files may be called ${names.join(' and ')}`, () => {
    const form = formOf(...names.map((name, index): [string, File] => [name, picture(`${name}-${index}`)]))
    const found = decodeMultipart(form).files.map((file) => file.name)
    expect(found).toEqual([...found].sort())
    expect(found).toHaveLength(2)
  })
}

test('a file field that nobody filled is no file', () => {
  expect(decodeMultipart(formOf(['attachments[0]', new File([], '')])).files).toEqual([])
})

const bombs: Record<string, FormData> = {
  'a name that reaches for the prototype': formOf(['__proto__[admin]', '1']),
  'a name that reaches for it deeper': formOf(['metadata[headers][__proto__][x]', '1']),
  'a name that reaches for the constructor': formOf(['constructor[prototype][x]', '1']),
  'a very deep name': formOf([`a${'[b]'.repeat(10)}`, '1']),
  'an unclosed name': formOf(['sender[handle', '1']),
  'a name with text after its brackets': formOf(['sender[handle]x', '1']),
  'an empty part': formOf(['sender[]', '1']),
  'an empty name': formOf(['', '1']),
  'a field given twice': formOf(['body', '1'], ['body', '2']),
  'a field that is a text and an object': formOf(['sender', '1'], ['sender[handle]', '2']),
  'a field that is an object and a text': formOf(['sender[handle]', '2'], ['sender', '1']),
  'a text for a file': formOf(['attachments[0]', 'base64...']),
  'a file under another name': formOf(['photo', picture('a.png')]),
  'a thousand fields': formOf(...Array.from({ length: 1000 }, (_, n): [string, string] => [`f${n}`, '1'])),
  'a hundred files': formOf(
    ...Array.from({ length: 100 }, (_, n): [string, File] => [`attachments[${n}]`, picture('a')]),
  ),
}

for (const [what, form] of Object.entries(bombs)) {
  test(`a form with ${what} is refused`, () => {
    expect(() => decodeMultipart(form)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
  })
}

test('a provider’s answer gives ids, or nothing', () => {
  expect(readProviderAnswer('{"external_id":"e","conversation_key":"c","more":1}')).toEqual({
    external_id: 'e',
    conversation_key: 'c',
  })
  expect(readProviderAnswer('{"external_id":42}')).toEqual({ external_id: '42', conversation_key: null })
  for (const nothing of ['', 'OK', 'null', '[]', '{"external_id":{}}', '{"external_id":""}']) {
    expect(readProviderAnswer(nothing)).toEqual({ external_id: null, conversation_key: null })
  }
})
