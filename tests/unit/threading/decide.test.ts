import { expect, test } from 'vitest'
import { decideThread, deriveReference, isSafeReference, type ThreadedMessage } from '#lib/threading/decide'
import type { ThreadingRule } from '#lib/threading/rules'

const now = new Date('2026-11-21T12:00:00Z')
const hour = 3_600_000

function decide(
  rule: ThreadingRule,
  message: Partial<ThreadedMessage> = {},
  {
    latest = null as { key: string; startedAt: Date; lastMessageAt: Date } | null,
    channelId = 'channel-1',
    messageId = 'message-1',
    kind = 'custom' as 'custom' | 'application',
  } = {},
) {
  return decideThread({
    rule,
    kind,
    message: { sender: { handle: '+33612345678' }, ...message },
    channelId,
    messageId,
    latest,
    now,
  })
}

test('by sender, Front threads by itself: the handle is the key and no reference is sent', () => {
  expect(decide({ type: 'sender' })).toEqual({
    key: '+33612345678',
    reference: null,
    reason: 'Threaded by sender: everything from +33612345678 is one conversation.',
  })
})

test('the provider’s conversation_key is the key, and the reference is derived from it', () => {
  const decision = decide({ type: 'provider' }, { conversation_key: 'order/42' })
  expect(decision).toMatchObject({ key: 'order/42', reference: deriveReference('channel-1', 'order/42') })
  expect(decision.reason).toContain('conversation_key')
})

test('a thread_ref that worked with Front itself stays what it is', () => {
  expect(decide({ type: 'provider' }, { metadata: { thread_ref: 'thread-42' } })).toMatchObject({
    key: 'thread-42',
    reference: 'thread-42',
  })
})

test('with both given, conversation_key names the conversation and thread_ref is what Front threads by', () => {
  const decision = decide({ type: 'provider' }, { conversation_key: 'order/42', metadata: { thread_ref: 'thread-42' } })
  expect(decision).toMatchObject({ key: 'order/42', reference: 'thread-42' })
})

for (const unsafe of ['a/b', 'a+b', 'a:b', 'a#b', 'a b', 'a?b', 'é', 'x'.repeat(201)]) {
  test(`a thread_ref like ${unsafe.slice(0, 10)} is replaced by one that is safe everywhere`, () => {
    const { reference, key } = decide({ type: 'provider' }, { metadata: { thread_ref: unsafe } })
    expect(reference).not.toBe(unsafe)
    expect(reference && isSafeReference(reference)).toBe(true)
    expect(key.length).toBeLessThanOrEqual(200)
  })
}

test('a provider who names no conversation is told which field is missing', () => {
  expect(() => decide({ type: 'provider' }, { metadata: { thread_ref: '' } })).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      details: [expect.objectContaining({ path: 'conversation_key' })],
    }),
  )
})

test('two keys that begin alike and are too long stay two conversations', () => {
  const key = (end: string) => decide({ type: 'provider' }, { conversation_key: 'k'.repeat(300) + end }).key
  expect(key('a')).not.toBe(key('b'))
  expect(key('a')).toBe(key('a'))
})

test('the same key in two channels gives two references', () => {
  const reference = (channelId: string) => decide({ type: 'single' }, {}, { channelId }).reference
  expect(reference('channel-1')).not.toBe(reference('channel-2'))
  expect(reference('channel-1')).toBe(reference('channel-1'))
})

test('single: every message has the same key', () => {
  const keyOf = (handle: string, messageId: string) =>
    decide({ type: 'single' }, { sender: { handle } }, { messageId }).key
  expect(keyOf('a', '1')).toBe(keyOf('b', '2'))
})

test('each: every message has a key and a reference of its own', () => {
  const first = decide({ type: 'each' }, {}, { messageId: 'm1' })
  const second = decide({ type: 'each' }, {}, { messageId: 'm2' })
  expect(first.key).not.toBe(second.key)
  expect(first.reference).not.toBe(second.reference)
})

const silence = { type: 'session', hours: 24, from: 'last_message' } as const
const fixed = { type: 'session', hours: 24, from: 'first_message' } as const
const began = (startedHoursAgo: number, lastHoursAgo: number) => ({
  key: 'session-key',
  startedAt: new Date(now.getTime() - startedHoursAgo * hour),
  lastMessageAt: new Date(now.getTime() - lastHoursAgo * hour),
})

const sessions: [string, ThreadingRule, ReturnType<typeof began> | null, boolean][] = [
  ['a first message begins one', silence, null, false],
  ['a message within the silence goes on', silence, began(100, 23.9), true],
  ['a message after the silence begins anew', silence, began(100, 24.1), false],
  ['a message at exactly the hour begins anew', silence, began(24, 24), false],
  ['a message within its length goes on', fixed, began(23.9, 1), true],
  ['a message beyond its length begins anew, however lively it was', fixed, began(24.1, 0.1), false],
  ['a clock that ran backwards goes on', silence, began(-1, -1), true],
]

for (const [what, rule, latest, goesOn] of sessions) {
  test(`a session: ${what}`, () => {
    const decision = decide(rule, {}, { latest })
    expect(decision.key === 'session-key').toBe(goesOn)
    expect(decision.reason).toMatch(goesOn ? /goes on/ : /begins/)
    expect(decision.reference && isSafeReference(decision.reference)).toBe(true)
  })
}

test('two sessions of one person have two references, and one that goes on keeps its own', () => {
  const first = decide(silence, {}, { messageId: 'm1' })
  const latest = { key: first.key, startedAt: now, lastMessageAt: now }
  expect(decide(silence, {}, { messageId: 'm2', latest })).toMatchObject({ key: first.key, reference: first.reference })
  expect(decide(silence, {}, { messageId: 'm3' }).reference).not.toBe(first.reference)
})

test('a template is filled from the message', () => {
  const rule = { type: 'template', template: '{{sender.handle}}:{{ metadata.headers.ticket }}' } as const
  const decision = decide(rule, { metadata: { headers: { ticket: 42 } } })
  expect(decision.key).toBe('+33612345678:42')
  expect(decision.reason).toContain('+33612345678:42')
  expect(decision.reference).toMatch(/^pb-[0-9a-f]{32}$/)
})

const everyRule: ThreadingRule[] = [
  { type: 'sender' },
  { type: 'provider' },
  { type: 'session', hours: 24, from: 'last_message' },
  { type: 'single' },
  { type: 'each' },
  { type: 'template', template: '{{sender.handle}}' },
]

for (const rule of everyRule) {
  test(`an application channel has a reference that is safe everywhere under the rule ${rule.type}`, () => {
    const { reference } = decide(rule, { conversation_key: 'order 42' }, { kind: 'application' })
    expect(reference && isSafeReference(reference)).toBe(true)
  })
}

test('an application channel keeps the name that the provider gave, as it did when it called Front itself', () => {
  const named = (message: Partial<ThreadedMessage>) =>
    decide({ type: 'provider' }, message, { kind: 'application' }).reference
  expect(named({ conversation_key: 'order-42' })).toBe('order-42')
  expect(named({ conversation_key: '+4930/42' })).toBe('+4930/42')
  for (const key of ['order 42', '.', '..']) {
    expect(named({ conversation_key: key })).toBe(deriveReference('channel-1', key))
  }
  const both = { conversation_key: 'order 42', metadata: { external_conversation_id: 'c-42' } }
  expect(named(both)).toBe('c-42')
})
