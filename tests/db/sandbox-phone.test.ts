import { afterAll, expect, test } from 'vitest'
import { listSandboxPhoneCalls } from '#db/queries/sandbox-phone-calls'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { listSandboxTemplates } from '#db/queries/sandbox-templates'
import { testDatabase } from '#tests/support/postgres'
import { START, testSandbox } from '#tests/support/sandbox'
import { callAs, createAppChannel } from '#tests/support/sandbox-apps'

const database = await testDatabase()
afterAll(database.close)
const { db, sql } = database
const sandbox = testSandbox(database)
await putSandboxSettings(db, { visibleDelayMs: 0, requestsPerMinute: 0 })

const startMs = START.getTime()
const template = {
  external_id: 'order/1',
  name: 'Order shipped',
  blurb: 'Your order…',
  is_disabled: false,
  status_name: 'PENDING',
  variable_mappings: [{ uid: '{{1}}', type: 'text', name: 'Order number' }],
  template_preview: '<p>Your order {{1}} is on its way.</p>',
}

async function open(app = {}) {
  const { channel } = await createAppChannel(sandbox, { app })
  const ask = callAs(sandbox, channel)
  const at = `/channels/${channel.id}`
  const conversationsOf = async () => {
    const rows = await sql<{ conversation_id: string }[]>`
      select distinct conversation_id from sandbox_phone_calls where channel_id = ${channel.id}`
    return rows.map((row) => row.conversation_id)
  }
  return { channel, ask, at, conversationsOf }
}

test('A6 stores a template under its external id, replaces it, changes it, and keeps Front’s id', async () => {
  const { ask, at, channel } = await open()
  const first = await ask('PUT', `${at}/application_message_templates`, { json: template })
  const again = await ask('PUT', `${at}/application_message_templates`, { json: { ...template, name: 'Shipped' } })
  const path = `${at}/application_message_templates/${encodeURIComponent('order/1')}`
  const changed = await ask('PATCH', path, { json: { status_name: 'REJECTED', is_disabled: true } })
  expect([first.status, again.json, changed.json]).toEqual([200, first.json, first.json])
  expect(first.json.template_id).toMatch(/^rsp_/)
  const mine = (await listSandboxTemplates(db)).filter((row) => row.template.channelId === channel.id)
  expect(mine).toMatchObject([{ template: { name: 'Shipped', statusName: 'REJECTED', isDisabled: true } }])
  expect((await ask('PATCH', `${at}/application_message_templates/none`, { json: {} })).status).toBe(404)
})

test('A6 is refused where the app has no templates, and warns of a preview that is not shown as it is', async () => {
  const off = await open({ takesTemplates: false })
  expect((await off.ask('PUT', `${off.at}/application_message_templates`, { json: template })).status).toBe(400)
  const { ask, at } = await open()
  const json = { ...template, template_preview: '<style>p{}</style><p>x</p>' }
  const { headers } = await ask('PUT', `${at}/application_message_templates`, { json })
  expect(headers.get('x-sandbox-warning')).toContain('inline styles only')
})

const newCall = {
  external_call_id: 'call-1',
  parent_external_call_id: 'call-1',
  initial_status: 'ringing',
  direction: 'inbound',
  from: { handle: '+33612345678', name: 'Ada' },
  started_at: startMs,
}

test('A7 keeps a call with all that happens in it, in the order in which it happened', async () => {
  const { ask, at, conversationsOf } = await open()
  expect((await ask('POST', `${at}/calls`, { json: newCall })).status).toBe(202)
  const update = (call_status: string, afterMs: number) =>
    ask('PATCH', `${at}/calls/call-1`, { json: { call_status, occurred_at: startMs + afterMs } })
  await update('hangup', 60_000)
  await update('connected', 5000)
  const form = new FormData()
  form.append('recording_type', 'call')
  form.append('attachments', new File(['sound'], 'call.mp3', { type: 'audio/mpeg' }))
  const recording = await ask('POST', `${at}/calls/call-1/recording`, { form, atMs: 70_000 })
  const summary = await ask('POST', `${at}/calls/call-1/summary`, { json: { content: 'A late order.' }, atMs: 71_000 })
  const line = { speaker_name: 'Ada', speaker_type: 'external', content: 'Hello?', start_time_seconds: 0.5 }
  const transcript = await ask('POST', `${at}/calls/call-1/transcript`, { json: { lines: [line] }, atMs: 72_000 })
  expect([recording.status, summary.status, transcript.status]).toEqual([202, 202, 202])
  const [conversationId = ''] = await conversationsOf()
  const [kept] = await listSandboxPhoneCalls(db, conversationId)
  expect(kept?.call).toMatchObject({ partyHandle: '+33612345678', direction: 'inbound' })
  const happened = kept?.events.map(({ content }) => (content.kind === 'status' ? content.status : content.kind))
  expect(happened).toEqual(['ringing', 'connected', 'hangup', 'recording', 'summary', 'transcript'])
})

test('A7 puts a transferred call into the conversation of the call that it comes from', async () => {
  const { ask, at, conversationsOf } = await open()
  const transferred = { ...newCall, external_call_id: 'call-2', direction: 'outbound', to: { handle: 'x' } }
  const { from: _from, ...second } = transferred
  for (const json of [newCall, second, { ...newCall, external_call_id: 'other', parent_external_call_id: 'other' }]) {
    expect((await ask('POST', `${at}/calls`, { json })).status).toBe(202)
  }
  expect(await conversationsOf()).toHaveLength(2)
  const again = await ask('POST', `${at}/calls`, { json: newCall })
  expect([again.status, again.headers.get('x-sandbox-warning')]).toEqual([202, expect.stringContaining('taken before')])
})

test('A7 takes exactly one audio file under a plain name', async () => {
  const { ask, at } = await open()
  await ask('POST', `${at}/calls`, { json: newCall })
  const send = async (name: string, type: string, copies = 1) => {
    const form = new FormData()
    form.append('recording_type', 'voicemail')
    for (let copy = 0; copy < copies; copy += 1) form.append(name, new File(['sound'], 'a', { type }))
    return (await ask('POST', `${at}/calls/call-1/recording`, { form })).status
  }
  const statuses = [
    await send('attachments', 'audio/wav'),
    await send('attachments[0]', 'audio/wav'),
    await send('attachments', 'image/png'),
    await send('attachments', 'audio/wav', 2),
    (await ask('POST', `${at}/calls/call-1/recording`, { json: { recording_type: 'call' } })).status,
  ]
  expect(statuses).toEqual([202, 400, 400, 400, 400])
})

test('A7 says that it knows no such call', async () => {
  const { ask, at } = await open()
  const { status, json } = await ask('PATCH', `${at}/calls/none`, { json: { call_status: 'hangup' } })
  expect([status, json._error.message]).toEqual([404, 'Unknown call ID none'])
})
