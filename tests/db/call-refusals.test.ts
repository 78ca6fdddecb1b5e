import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { requests } from '#db/schema/requests'
import { doorDeps, openChannelDoor } from '#tests/support/door'
import type { Channel } from '#tests/support/factories'
import { phoneSystem, RING, soundForm } from '#tests/support/phone'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const { openPhone, create, update, add, show, toldOf } = phoneSystem(db, doorDeps(db))
afterAll(database.close)

type Door = { channel: Channel; bearer: string }

const requestsOf = ({ channel }: Door) => db.select().from(requests).where(eq(requests.channelId, channel.id))

type Refusal = [(door: Door) => ReturnType<typeof add>, string[]]

const refusals: Record<string, Refusal> = {
  'a call without anything': [(door) => create(door, {}), ['direction']],
  'a call that goes nowhere': [(door) => create(door, { ...RING, direction: 'outbound' }), ['to']],
  'a call that is over as it begins': [
    (door) => create(door, { ...RING, external_call_id: 'x', initial_status: 'hangup' }),
    ['initial_status'],
  ],
  'a number without a country': [
    (door) => create({ ...door }, { ...RING, external_call_id: 'x', from: { handle: '12' } }),
    ['from.handle'],
  ],
  'an id that no path can hold': [(door) => create(door, { ...RING, external_call_id: ' .. ' }), ['external_call_id']],
  'an agent without an address': [
    (door) => create(door, { ...RING, agent_email_address: 'mina' }),
    ['agent_email_address'],
  ],
  'a word for a time': [(door) => update(door, { call_status: 'hold', occurred_at: 'soon' }), ['occurred_at']],
  'a status that no call has': [(door) => update(door, { call_status: 'busy' }), ['call_status']],
  'an empty summary': [(door) => add(door, 'summary', { content: ' ' }), ['content']],
  'a transcript without lines': [(door) => add(door, 'transcript', { lines: [] }), ['lines']],
  'a line by nobody': [
    (door) => add(door, 'transcript', { lines: [{ content: 'x', speaker_type: 'robot', start_time_seconds: -1 }] }),
    ['lines.0.speaker_name', 'lines.0.speaker_type', 'lines.0.start_time_seconds'],
  ],
  'a picture of a call': [(door) => add(door, 'recording', soundForm('call', { mime: 'image/png' })), ['attachments']],
  'silence of no length': [(door) => add(door, 'recording', soundForm('call', { sound: '' })), ['attachments']],
  'another type of recording': [(door) => add(door, 'recording', soundForm('memo')), ['recording_type']],
  'two recordings at once': [
    (door) => {
      const form = soundForm('call')
      form.append('attachments', new Blob(['x'], { type: 'audio/wav' }), 'b.wav')
      return add(door, 'recording', form)
    },
    ['attachments'],
  ],
}

for (const [what, [send, paths]] of Object.entries(refusals)) {
  test(`refuses ${what}, naming ${paths.join(', ')}`, async () => {
    const door = await openPhone()
    await create(door, RING)
    const { status, json } = await send(door)
    expect(status).toBe(422)
    expect(json.error.details.map(({ path }: { path: string }) => path)).toEqual(paths)
    expect(await toldOf(door)).toHaveLength(1)
    expect(await requestsOf(door)).toMatchObject([{ code: 'invalid_input' }])
  })
}

test('a recording is a form, and the rest is JSON', async () => {
  const door = await openPhone()
  await create(door, RING)
  expect((await add(door, 'recording', { recording_type: 'call' })).status).toBe(415)
  expect((await add(door, 'summary', soundForm('call'))).status).toBe(415)
})

test('a custom channel has no calls', async () => {
  const door = await openChannelDoor(db)
  for (const answer of [await create(door, RING), await update(door, { call_status: 'hold' }), await show(door)]) {
    expect(answer).toMatchObject({ status: 422, json: { error: { code: 'application_only' } } })
  }
})
