import { describe, expect, test } from 'vitest'
import { ZodError } from 'zod'
import { fieldProblems } from '#lib/channels/settings'
import { parseThreadingForm, tryThreading } from '#lib/channels/threading-form'
import type { ThreadingRule } from '#lib/threading/rules'

const now = new Date('2026-11-20T12:00:00Z')
const blank = { hours: '', from: 'last_message', template: '' }

describe('the threading editor', () => {
  const rules: Record<string, [Record<string, string>, ThreadingRule]> = {
    'a rule without fields': [{ type: 'single' }, { type: 'single' }],
    'a session': [
      { type: 'session', hours: '1.5', from: 'first_message' },
      { type: 'session', hours: 1.5, from: 'first_message' },
    ],
    'a template': [
      { type: 'template', template: ' {{sender.handle}} ' },
      { type: 'template', template: '{{sender.handle}}' },
    ],
    'a rule beside leftovers of another': [{ type: 'each', hours: 'x', template: '{{' }, { type: 'each' }],
  }
  for (const [what, [form, rule]] of Object.entries(rules)) {
    test(`reads ${what}`, () => expect(parseThreadingForm({ ...blank, ...form })).toEqual(rule))
  }

  const refusals: Record<string, [Record<string, string>, string, RegExp]> = {
    'no rule': [{}, 'type', /Choose a rule/],
    'a session without hours': [{ type: 'session' }, 'hours', /number of hours/],
    'a session of no hours': [{ type: 'session', hours: '0' }, 'hours', /above 0/],
    'a session of two years': [{ type: 'session', hours: '20000' }, 'hours', /a year/],
    'a session from nowhere': [{ type: 'session', hours: '1', from: 'noon' }, 'from', /./],
    'an empty template': [{ type: 'template' }, 'template', /Write a template/],
    'a template with an unknown field': [{ type: 'template', template: '{{nobody}}' }, 'template', /nobody/],
  }
  for (const [what, [form, field, problem]] of Object.entries(refusals)) {
    test(`refuses ${what}`, () => {
      const problems = caught(() => parseThreadingForm({ ...blank, ...form }))
      expect(problems[field]).toMatch(problem)
    })
  }
})

function caught(work: () => unknown): Record<string, string> {
  try {
    work()
  } catch (error) {
    if (error instanceof ZodError) return fieldProblems(error)
    throw error
  }
  return {}
}

const session: ThreadingRule = { type: 'session', hours: 24, from: 'last_message' }
const attempt = (change: Partial<Parameters<typeof tryThreading>[0]> = {}) =>
  tryThreading({
    rule: session,
    sample: JSON.stringify({ sender: { handle: '0664 1234567' }, body: 'Hi' }),
    channel: { id: 'c1', kind: 'custom', contactType: 'phone', defaultCountry: 'AT' },
    latest: null,
    messageId: 'm1',
    now,
    ...change,
  })

describe('a try-out', () => {
  test('shows the decision for the handle as it would be stored', () => {
    expect(attempt({ rule: { type: 'sender' } })).toMatchObject({ key: '+436641234567', reference: null })
    expect(attempt().reason).toMatch(/first message from \+436641234567/)
  })

  test('lets a session go on or end by the ages given', () => {
    expect(attempt({ latest: { beganHours: 90, lastHours: 23 } }).reason).toMatch(/goes on/)
    expect(attempt({ latest: { beganHours: 90, lastHours: 25 } }).reason).toMatch(/new conversation begins/)
  })

  const refusals: Record<string, [Partial<Parameters<typeof tryThreading>[0]>, RegExp]> = {
    'a sample that is not JSON': [{ sample: '{' }, /not JSON/],
    'a sample without a sender': [{ sample: '{"body":"Hi"}' }, /./],
    'a handle that does not fit': [
      { channel: { id: 'c', kind: 'custom', contactType: 'email', defaultCountry: null } },
      /e-mail/,
    ],
    'a field that the rule needs': [{ rule: { type: 'provider' } }, /name the conversation/],
  }
  for (const [what, [change, message]] of Object.entries(refusals)) {
    test(`refuses ${what}, as a real message would be`, () => {
      expect(() => attempt(change)).toThrow(message)
    })
  }
})
