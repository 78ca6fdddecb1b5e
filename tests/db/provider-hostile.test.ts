import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { callDoor, doorDeps, openApplicationDoor } from '#tests/support/door'
import { RING } from '#tests/support/phone'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

/** Names that the endpoints know, so that what is thrown at them gets beyond the first check. */
const NAMES = [
  ...['sender', 'to', 'handle', 'email', 'name', 'body', 'body_format', 'metadata', 'external_id', 'headers', 'from'],
  ...['external_conversation_id', 'in_reply_to', 'message_id', 'status', 'reason', 'sent_at', 'delivered_at', 'lines'],
  ...['external_call_id', 'direction', 'initial_status', 'call_status', 'occurred_at', 'content', 'variable_mappings'],
  ...['__proto__', 'constructor', 'is_disabled', 'status_name', 'blurb', 'template_preview', 'speaker_type', '0'],
]
const value = fc.oneof(
  fc.constantFrom('ada', 'inbound', 'ringing', 'failed', 'hold', 'html', '', ' ', '\u0000', '\ud800', '%00', "'; --"),
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 1_763_726_400, '2026-01-02', 'x'.repeat(201), [], {}),
  fc.string({ unit: 'binary' }),
)
const document = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, value, fc.array(tie('any'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(fc.constantFrom(...NAMES), tie('any'), { maxKeys: 8 }),
}))

const MESSAGE = { sender: { handle: 'ada' }, body: 'x' }
const TEMPLATE = {
  name: 'x',
  blurb: '',
  is_disabled: false,
  status_name: 'PENDING',
  variable_mappings: [],
  template_preview: '',
}
const LINE = { speaker_name: 'Ada', speaker_type: 'external', content: 'x', start_time_seconds: 0 }

/** Every call with a body that is right, from which what is sent departs. */
const CALLS: [method: string, path: string, right: object][] = [
  ['POST', 'incoming', MESSAGE],
  ['POST', 'sent', { to: [{ handle: 'ada' }], body: 'x' }],
  ['POST', 'status', { status: 'failed', external_id: 'x' }],
  ['POST', 'status', { status: 'offline', reason: 'x' }],
  ['PUT', 'templates', { ...TEMPLATE, external_id: 't' }],
  ['PUT', 'templates/%ED%A0%80%', TEMPLATE],
  ['PATCH', 'templates/t', { name: 'y' }],
  ['POST', 'calls', { ...RING, from: { handle: 'ada' } }],
  ['PATCH', 'calls/c-1', { call_status: 'hold' }],
  ['PATCH', 'calls/%00', { call_status: 'hold' }],
  ['POST', 'calls/c-1/summary', { content: 'x' }],
  ['POST', 'calls/c-1/transcript', { lines: [LINE] }],
]

test('whatever a provider sends is taken or refused with a reason, never a fault of ours', async () => {
  const door = await openApplicationDoor(db)
  await callDoor(deps, door, { path: 'calls', body: { ...RING, from: { handle: 'ada' } } })
  const seen = new Set<number>()
  const one = fc.tuple(fc.constantFrom(...CALLS), document.object)
  await fc.assert(
    fc.asyncProperty(one, async ([[method, path, right], departure]) => {
      const answer = await callDoor(deps, door, { method, path, body: { ...right, ...departure } })
      seen.add(answer.status)
      expect([202, 400, 404, 409, 422]).toContain(answer.status)
      if (answer.status >= 400) expect(answer.json.error.message).toMatch(/\.$/)
    }),
    { numRuns: 800 },
  )
  expect([...seen]).toEqual(expect.arrayContaining([202, 404, 422]))
})
