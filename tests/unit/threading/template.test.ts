import { expect, test } from 'vitest'
import { describeRule, THREADING_RULE_TYPES, threadingRule } from '#lib/threading/rules'
import { renderTemplate, templateFaults } from '#lib/threading/template'

const message = {
  sender: { handle: 'ada', name: '' },
  subject: 'Hello',
  external_id: null,
  metadata: { thread_ref: null, headers: { ticket: 'T-1', n: 0, deep: { id: true }, list: [1] } },
}

test('fields, spaces and the text around them are put together', () => {
  expect(renderTemplate('{{ sender.handle }}/{{metadata.headers.ticket}}!', message)).toBe('ada/T-1!')
  expect(renderTemplate('{{metadata.headers.deep.id}} {{metadata.headers.n}}', message)).toBe('true 0')
})

test('what a message brings is never read as a template again', () => {
  const tricky = { ...message, sender: { handle: '{{subject}}' }, subject: '$& $1' }
  expect(renderTemplate('{{sender.handle}} {{subject}}', tricky)).toBe('{{subject}} $& $1')
})

for (const field of [
  'sender.name',
  'external_id',
  'metadata.thread_ref',
  'metadata.headers.none',
  'metadata.headers.list',
  'metadata.headers.deep',
  'metadata.headers.constructor',
  'metadata.headers.__proto__',
  'metadata.headers.ticket.length',
]) {
  test(`a message without a plain value in ${field} is refused by that name`, () => {
    expect(() => renderTemplate(`{{sender.handle}}{{${field}}}`, message)).toThrow(
      expect.objectContaining({ code: 'invalid_input', details: [{ path: field, message: expect.any(String) }] }),
    )
  })
}

test('all missing fields are named at once', () => {
  expect(() => renderTemplate('{{sender.name}}{{external_id}}', message)).toThrow(/sender\.name, external_id/)
})

const faulty: Record<string, RegExp> = {
  'no fields': /at least one field/,
  '{{}}': /no field “”/,
  '{{sender.handle': /no partner/,
  'sender.handle}} {{subject}}': /no partner/,
  '{{sender.hendle}}': /no field “sender.hendle”/,
  '{{metadata.ticket}}': /metadata\.headers/,
  '{{metadata.headers.}}': /no field/,
  '{{body}}': /no field “body”/,
}

for (const [template, why] of Object.entries(faulty)) {
  test(`the template ${template} is refused before it is saved`, () => {
    expect(templateFaults(template).join(' ')).toMatch(why)
    expect(threadingRule.safeParse({ type: 'template', template }).success).toBe(false)
  })
}

const rules: unknown[] = [
  { type: 'sender' },
  { type: 'provider' },
  { type: 'session', hours: 1, from: 'first_message' },
  { type: 'single' },
  { type: 'each' },
  { type: 'template', template: '{{sender.handle}}' },
]

test('every rule is understood and says what it does in one sentence', () => {
  const parsed = rules.map((rule) => threadingRule.parse(rule))
  expect(parsed.map(({ type }) => type)).toEqual([...THREADING_RULE_TYPES])
  expect(new Set(parsed.map((rule) => describeRule(rule))).size).toBe(6)
  for (const sentence of parsed.map((rule) => describeRule(rule))) expect(sentence).toMatch(/^[A-Z].*\.$/)
})

for (const rule of [
  {},
  { type: 'random' },
  { type: 'session' },
  { type: 'session', hours: 0, from: 'last_message' },
  { type: 'session', hours: Number.NaN, from: 'last_message' },
  { type: 'session', hours: 24, from: 'middle' },
  { type: 'template', template: ' ' },
]) {
  test(`the rule ${JSON.stringify(rule)} is refused`, () => {
    expect(threadingRule.safeParse(rule).success).toBe(false)
  })
}
