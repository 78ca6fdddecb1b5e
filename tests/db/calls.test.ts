import { asc, eq } from 'drizzle-orm'
import { afterAll, describe, expect, test } from 'vitest'
import { findCall } from '#db/queries/calls'
import { deliveries } from '#db/schema/deliveries'
import { files } from '#db/schema/files'
import { laneQueue, lanes } from '#db/schema/lanes'
import { requests } from '#db/schema/requests'
import { callDoor, doorDeps, openApplicationDoor } from '#tests/support/door'
import type { Channel } from '#tests/support/factories'
import { phoneSystem, RING, soundForm } from '#tests/support/phone'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
let announced = 0
const NOW = new Date('2026-11-21T12:00:00Z')
const deps = doorDeps(db, { defer: () => announced++, now: () => NOW })
afterAll(database.close)

const { openPhone, create, update, add, show, toldOf } = phoneSystem(db, deps)
type Door = { channel: Channel; bearer: string }

const RANG = { ...RING, from: { handle: '+33612345678', name: 'Ada' } }

const requestsOf = ({ channel }: Door) => db.select().from(requests).where(eq(requests.channelId, channel.id))

describe('a call that begins', () => {
  test('is stored with its party’s number made uniform, and Front is told', async () => {
    const door = await openPhone()
    announced = 0
    const more = {
      started_at: 1_763_726_400_123,
      parent_external_call_id: 'c-0',
      agent_email_address: 'mina@example.com',
    }
    const answer = await create(door, { ...RING, ...more })

    expect(answer).toMatchObject({
      status: 202,
      json: {
        status: 'accepted',
        call: { external_call_id: 'c-1', direction: 'inbound', from: RANG.from, call_status: 'ringing', ...more },
        duplicate: false,
      },
    })
    expect(await toldOf(door)).toMatchObject([
      { kind: 'call_create', payload: { call: { ...RANG, ...more } }, createdBy: 'provider', status: 'pending' },
    ])
    expect(announced).toBe(1)
  })

  test('goes out to somebody, and without a time begins when it is told', async () => {
    const door = await openPhone()
    const out = {
      external_call_id: 'c-1',
      direction: 'outbound',
      initial_status: 'queued',
      to: { handle: '+33612345678' },
    }
    expect((await create(door, out)).json.call).toMatchObject({
      to: { handle: '+33612345678', name: null },
      started_at: NOW.getTime(),
    })
    expect((await toldOf(door))[0]?.payload).toEqual({ call: { ...out, started_at: NOW.getTime() } })
  })

  test('twice, also at once, is one call', async () => {
    const door = await openPhone()
    const answers = await Promise.all([RING, RANG, RING, RING].map((body) => create(door, body)))
    const later = await callDoor({ ...deps, now: () => new Date(NOW.getTime() + 5000) }, door, {
      path: 'calls',
      body: RING,
    })

    expect(answers.filter(({ json }) => !json.duplicate)).toHaveLength(1)
    expect(later).toMatchObject({ status: 202, json: { duplicate: true } })
    expect(await toldOf(door)).toHaveLength(1)
    expect(await requestsOf(door)).toMatchObject(Array(4).fill({ code: 'duplicate' }))
  })

  for (const [what, more] of Object.entries({
    'from somebody else': { from: { handle: '+33698765432', name: 'Ada' } },
    'the other way': { direction: 'outbound', to: { handle: '+33612345678' } },
    'at another time': { started_at: 1_763_726_400_000 },
  })) {
    test(`under an id that is taken, ${what}, is a conflict`, async () => {
      const door = await openPhone()
      await create(door, RING)
      expect(await create(door, { ...RING, ...more })).toMatchObject({
        status: 409,
        json: { error: { code: 'conflict' } },
      })
      expect(await toldOf(door)).toHaveLength(1)
      expect(await requestsOf(door)).toMatchObject([{ code: 'conflict' }])
    })
  }

  test('may have the name of a conversation without becoming one', async () => {
    const door = await openApplicationDoor(db, { threading: { type: 'provider' } })
    await create(door, { ...RING, from: { handle: 'ada' } })
    const message = await callDoor(deps, door, {
      path: 'incoming',
      body: { sender: { handle: 'ada' }, body: 'x', conversation_key: 'call c-1' },
    })
    expect(message.json.conversation.is_new).toBe(true)
  })
})

describe('what happens in a call', () => {
  test('is told to Front in the order in which it came, one after the other', async () => {
    const door = await openPhone()
    await create(door, RING)
    await update(door, {
      call_status: 'connected',
      occurred_at: 1_763_726_410_000,
      agent_email_address: 'mina@example.com',
    })
    await update(door, { call_status: 'hangup' })
    await add(door, 'recording', soundForm('call'))
    await add(door, 'summary', { content: 'Ada asked for a refund.' })
    const line = { speaker_name: 'Ada', speaker_type: 'external', content: 'Hello', start_time_seconds: 0.5 }
    await add(door, 'transcript', { lines: [line] })

    const told = await toldOf(door)
    expect(told.map(({ kind, payload }) => [kind, payload])).toEqual([
      ['call_create', { call: { ...RANG, started_at: NOW.getTime() } }],
      [
        'call_update',
        {
          externalId: 'c-1',
          update: { call_status: 'connected', occurred_at: 1_763_726_410_000, agent_email_address: 'mina@example.com' },
        },
      ],
      ['call_update', { externalId: 'c-1', update: { call_status: 'hangup', occurred_at: NOW.getTime() } }],
      ['call_recording', { externalId: 'c-1', fileId: expect.any(String), recordingType: 'call' }],
      ['call_summary', { externalId: 'c-1', content: 'Ada asked for a refund.' }],
      ['call_transcript', { externalId: 'c-1', lines: [line] }],
    ])
    const queue = await db
      .select({ id: laneQueue.deliveryId, lane: laneQueue.laneId })
      .from(laneQueue)
      .innerJoin(lanes, eq(lanes.id, laneQueue.laneId))
      .where(eq(lanes.channelId, door.channel.id))
      .orderBy(asc(laneQueue.seq))
    expect(queue.map(({ id }) => id)).toEqual(told.map(({ id }) => id))
    expect(new Set(queue.map(({ lane }) => lane)).size).toBe(1)
    expect(await findCall(db, { channelId: door.channel.id, externalId: 'c-1' })).toMatchObject({
      status: 'hangup',
      agentEmail: 'mina@example.com',
    })
  })

  test('in another call waits for nothing in this one', async () => {
    const door = await openPhone()
    await create(door, RING)
    await create(door, { ...RING, external_call_id: 'c-2' })
    const rows = await db.select().from(lanes).where(eq(lanes.channelId, door.channel.id))
    expect(rows).toMatchObject([
      { direction: 'report', lastSeq: 1 },
      { direction: 'report', lastSeq: 1 },
    ])
  })

  test('is told once when it comes twice, and again when it happens again', async () => {
    const door = await openPhone()
    await create(door, RING)
    const line = { speaker_name: 'Ada', speaker_type: 'external', content: '', start_time_seconds: 0 }
    const twice: [string, () => ReturnType<typeof add>][] = [
      ['hold', () => update(door, { call_status: 'hold' })],
      ['connected', () => update(door, { call_status: 'connected', occurred_at: 1_763_726_410 })],
      ['hold again', () => update(door, { call_status: 'hold' })],
      ['recording', () => add(door, 'recording', soundForm('voicemail'))],
      ['summary', () => add(door, 'summary', { content: 'x' })],
      ['transcript', () => add(door, 'transcript', { lines: [line] })],
    ]
    for (const [what, send] of twice) {
      expect([what, (await send()).json.duplicate, (await send()).json.duplicate]).toEqual([what, false, true])
    }
    expect((await add(door, 'recording', soundForm('voicemail', { sound: 'other' }))).json.duplicate).toBe(false)
    expect((await add(door, 'recording', soundForm('call'))).json.duplicate).toBe(false)
    expect((await add(door, 'summary', { content: 'y' })).json.duplicate).toBe(false)
    expect(await toldOf(door)).toHaveLength(10)
  })

  test('keeps a recording under its report, whatever its field is called', async () => {
    const door = await openPhone()
    await create(door, RING)
    await add(door, 'recording', soundForm('call', { field: 'attachments[0]' }))
    const told = (await toldOf(door)).at(-1)
    const kept = await db
      .select()
      .from(files)
      .where(eq(files.messageId, told?.id ?? ''))
    expect(kept).toMatchObject([
      { filename: 'call.mp3', contentType: 'audio/mpeg', size: 5, bytes: Buffer.from('sound') },
    ])
    expect(told?.payload).toEqual({ externalId: 'c-1', fileId: kept[0]?.id, recordingType: 'call' })
  })

  test('in an unknown call is not found and kept', async () => {
    const door = await openPhone()
    await create(await openPhone(), RING)
    const answers = [
      await update(door, { call_status: 'connected' }),
      await add(door, 'recording', soundForm('call')),
      await add(door, 'summary', { content: 'x' }),
      await show(door),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } })
    expect(await requestsOf(door)).toHaveLength(4)
  })
})

test('a call is shown with how telling Front of each part went, by an id however it is spelt', async () => {
  const door = await openPhone()
  const id = 'a/b:c+d %'
  await create(door, { ...RING, external_call_id: id })
  await update(door, { call_status: 'missed' }, id)
  const [first] = await toldOf(door, id)
  await db
    .update(deliveries)
    .set({ status: 'failed', lastError: 'Front: no calls' })
    .where(eq(deliveries.id, first?.id ?? ''))

  expect((await show(door, id)).json).toMatchObject({
    external_call_id: id,
    call_status: 'missed',
    events: [
      { kind: 'create', front: { state: 'failed', error: 'Front: no calls' } },
      { kind: 'update', front: { state: 'queued', error: null } },
    ],
  })
})
