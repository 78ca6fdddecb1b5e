import { afterAll, describe, expect, test } from 'vitest'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { findSpecs, requestValidator, responseValidator } from '#tests/contract/openapi'
import { testDatabase } from '#tests/support/postgres'
import { testSandbox } from '#tests/support/sandbox'
import { callAs, createAppChannel } from '#tests/support/sandbox-apps'

const database = await testDatabase()
afterAll(database.close)
const sandbox = testSandbox(database)
await putSandboxSettings(database.db, { visibleDelayMs: 0, requestsPerMinute: 0 })

const metadata = { external_id: 'm', external_conversation_id: 'c', referenced_message_external_id: 'r' }
const party = { handle: 'ada', name: 'Ada', email: 'ada@shop.example' }
const synced = { subject: 's', body: 'b', metadata, delivered_at: 1_700_000_000 }
const anyCall = {
  external_call_id: 'k',
  parent_external_call_id: 'k',
  initial_status: 'ringing',
  started_at: 1_700_000_000_000,
  agent_email_address: 'leela@shop.example',
}
const template = {
  external_id: 't',
  name: 'n',
  blurb: 'b',
  is_disabled: false,
  status_name: 'APPROVED',
  variable_mappings: [{ uid: '{{1}}', type: 'text', name: 'Order' }],
  template_preview: '<p></p>',
}
const line = { speaker_name: 'Ada', speaker_type: 'external', content: 'Hello?', start_time_seconds: 1 }

/** By operation: where it is called below a channel, and a body that uses every field. */
const OPERATIONS: Record<string, [string, string, object]> = {
  'sync-inbound-message': ['POST', '/inbound_messages', { ...synced, sender: party }],
  'sync-outbound-message': [
    'POST',
    '/outbound_messages',
    { ...synced, to: [party], sender_name: 'Bot', author_id: 'tea_mina' },
  ],
  'update-channel': ['PATCH', '', { status: 'ok' }],
  'update-external-message-status': [
    'PUT',
    '/conversations/c/messages/out/status',
    { status: 'failed', reason: 'why' },
  ],
  'sync-application-message-template': ['PUT', '/application_message_templates', template],
  'update-application-message-template': [
    'PATCH',
    '/application_message_templates/t',
    { ...template, external_id: undefined },
  ],
  'create-call': ['POST', '/calls', { ...anyCall, direction: 'inbound', from: { handle: 'ada', name: 'Ada' } }],
  'update-call': ['PATCH', '/calls/k', { call_status: 'hangup', occurred_at: 1, agent_email_address: 'a@b.example' }],
  'add-call-summary': ['POST', '/calls/k/summary', { content: 'c' }],
  'add-call-transcript': ['POST', '/calls/k/transcript', { lines: [line] }],
}

const AT_ONCE = 8

type Path = (string | number)[]

/** Every place in a body, with what stands there taken away or turned into something else. */
function mutations(body: unknown): { what: string; body: unknown }[] {
  return placesIn(body).flatMap((path) =>
    [undefined, null, 7, 'x'.repeat(201), {}].map((value) => ({
      what: `${path.join('.')} = ${JSON.stringify(value)?.slice(0, 10) ?? 'nothing'}`,
      body: JSON.parse(JSON.stringify(withValue(body, path, value))),
    })),
  )
}

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, key]))
  return path.length === 0 ? inner : [path, ...inner]
}

function withValue(body: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  const copy: unknown = structuredClone(body)
  if (typeof copy === 'object' && copy !== null) Reflect.set(copy, key, withValue(Reflect.get(copy, key), rest, value))
  return copy
}

describe.skipIf(!findSpecs().found)('what Front’s own specification refuses, the sandbox refuses', () => {
  for (const [operation, [method, place, whole]] of Object.entries(OPERATIONS)) {
    test(operation, async () => {
      const { channel } = await createAppChannel(sandbox)
      const ask = callAs(sandbox, channel)
      const at = `/channels/${channel.id}`
      await ask('POST', `${at}/outbound_messages`, {
        json: { to: [party], body: 'b', metadata: { external_id: 'out', external_conversation_id: 'c' } },
      })
      await ask('POST', `${at}/calls`, { json: { ...anyCall, direction: 'inbound', from: party } })
      await ask('PUT', `${at}/application_message_templates`, { json: template })
      const validate = requestValidator('channel', operation)
      const body = JSON.parse(JSON.stringify(whole))
      const right = await ask(method, at + place, { json: body })
      expect([right.status < 300, validate(body)]).toEqual([true, true])
      const refused = mutations(body).filter((mutation) => !validate(mutation.body))
      const taken: string[] = []
      for (let first = 0; first < refused.length; first += AT_ONCE) {
        // The burst limit is for another test.
        await database.sql`delete from throttles`
        const answers = refused.slice(first, first + AT_ONCE).map(async ({ what, body: json }) => {
          const { status } = await ask(method, at + place, { json })
          if (status !== 400) taken.push(`${what}: ${status}`)
        })
        await Promise.all(answers)
      }
      expect(refused.length).toBeGreaterThan(0)
      expect(taken).toEqual([])
    })
  }

  test('and its answers are what the specification calls them', async () => {
    const { channel } = await createAppChannel(sandbox)
    const ask = callAs(sandbox, channel)
    const at = `/channels/${channel.id}`
    const answers = [
      [
        'sync-inbound-message',
        '202',
        await ask('POST', `${at}/inbound_messages`, { json: { ...synced, sender: party } }),
      ],
      [
        'sync-application-message-template',
        '200',
        await ask('PUT', `${at}/application_message_templates`, { json: template }),
      ],
    ] as const
    for (const [operation, status, { json }] of answers) {
      const validate = responseValidator('channel', operation, status)
      validate(json)
      expect([operation, validate.errors?.filter((error) => error.instancePath !== '/template_id') ?? []]).toEqual([
        operation,
        [],
      ])
    }
  })
})
