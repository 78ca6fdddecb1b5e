import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { firstIdAt } from '#db/ids'
import { alertDestinations, alertStates } from '#db/schema/alerts'
import { channels } from '#db/schema/channels'
import { archiveChannel } from '#lib/flows/archive-channel'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { watchChannels } from '#lib/flows/watch-channels'
import type { SealingKeys } from '#lib/secrets'
import { createAlertDestination, toldTo, typesToldTo } from '#tests/support/alerts'
import { type Channel, createChannel, createConversation, createMessage, setTarget } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const keys: SealingKeys = [Buffer.alloc(32, 7)]
const START = new Date('2026-11-27T10:00:00Z')
const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000)
const watchAt = (now: Date) => watchChannels(db, { publicUrl: 'https://patchbay.example', now })
const actor = 'mina@example.com'
let channel: Channel

beforeEach(async () => {
  await db.delete(alertDestinations)
  await db.execute(sql`delete from lane_queue`)
  await db.update(channels).set({ archivedAt: START })
  channel = await createChannel(db, { name: 'Website chat' })
})

const fails = (failuresInARow: number, lastError: string | null = 'The provider answered with status 500.') =>
  setTarget(db, channel.id, 'outbound', { failuresInARow, lastError })
const works = () => fails(0, null)

describe('a channel that fails', () => {
  test('is told once, with what is known, and once more when it works again', async () => {
    const { id } = await createAlertDestination(db, { keys })
    const talk = await createConversation(db, channel.id)
    await createMessage(db, talk, {
      direction: 'outbound',
      delivery: { status: 'retrying', lastErrorClass: 'server_error', nextAttemptAt: at(60) },
    })
    await fails(5)
    for (const minute of [0, 1, 2]) await watchAt(at(minute))
    const [told, ...more] = await toldTo(db, id)
    expect(more).toEqual([])
    expect(told).toMatchObject({ type: 'channel.failing', timestamp: at(0).toISOString() })
    expect(told?.data).toMatchObject({
      title: 'Website chat: messages to the provider fail',
      channel: { id: channel.id, name: 'Website chat', url: `https://patchbay.example/channels/${channel.id}` },
      direction: 'outbound',
      failures_in_a_row: 5,
      waiting: 1,
      held_back: false,
      last_error: { class: 'server_error', message: 'The provider answered with status 500.' },
    })
    await works()
    for (const minute of [3, 4, 5, 6]) await watchAt(at(minute))
    expect(await typesToldTo(db, id)).toEqual(['channel.failing', 'channel.recovered'])
  })

  test('is told by the threshold of each destination', async () => {
    const early = await createAlertDestination(db, { keys, failuresInARow: 3 })
    const late = await createAlertDestination(db, { keys, failuresInARow: 10 })
    await fails(4)
    await watchAt(START)
    expect(await typesToldTo(db, early.id)).toEqual(['channel.failing'])
    expect(await typesToldTo(db, late.id)).toEqual([])
    await works()
    for (const minute of [1, 4]) await watchAt(at(minute))
    expect(await typesToldTo(db, early.id)).toHaveLength(2)
    expect(await typesToldTo(db, late.id)).toEqual([])
  })

  test('is told when Patchbay stopped calling it, however few failures were set', async () => {
    const { id } = await createAlertDestination(db, { keys, failuresInARow: 100 })
    await setTarget(db, channel.id, 'inbound', { breakerSince: at(-3), failuresInARow: 10, lastError: 'Down.' })
    await watchAt(START)
    expect(await toldTo(db, id)).toMatchObject([
      { type: 'channel.failing', data: { direction: 'inbound', since: at(-3).toISOString() } },
    ])
  })

  test('is not told of by reports or by alerts that fail', async () => {
    const { id } = await createAlertDestination(db, { keys })
    await setTarget(db, channel.id, 'report', { failuresInARow: 50 })
    await db.execute(
      sql`insert into targets (channel_id, direction, failures_in_a_row) values (${channel.id}, 'alert', 50)`,
    )
    expect(await watchAt(START)).toBe(0)
    expect(await toldTo(db, id)).toEqual([])
  })

  test('that is archived is forgotten without a word', async () => {
    const { id } = await createAlertDestination(db, { keys })
    await fails(9)
    await watchAt(START)
    await archiveChannel(db, { channelId: channel.id, typedName: 'Website chat', actor, now: at(1) })
    for (const minute of [2, 10]) await watchAt(at(minute))
    expect(await typesToldTo(db, id)).toEqual(['channel.failing'])
  })
})

describe('what a destination wants', () => {
  test('is only its kinds of alert and its channels', async () => {
    const other = await createChannel(db, { name: 'Phone' })
    await fails(9)
    await setTarget(db, other.id, 'inbound', { failuresInARow: 9, lastError: 'Down.' })
    const offlineOnly = await createAlertDestination(db, { keys, alerts: ['offline'] })
    const otherOnly = await createAlertDestination(db, { keys, channelIds: [other.id] })
    await watchAt(START)
    expect(await toldTo(db, offlineOnly.id)).toEqual([])
    expect(await toldTo(db, otherOnly.id)).toMatchObject([{ data: { channel: { name: 'Phone' } } }])
  })

  test('may change: what it no longer wants ends without a word', async () => {
    const { id } = await createAlertDestination(db, { keys })
    await fails(9)
    await watchAt(START)
    await db
      .update(alertDestinations)
      .set({ alerts: ['offline'] })
      .where(eq(alertDestinations.id, id))
    await works()
    for (const minute of [1, 9]) await watchAt(at(minute))
    expect(await typesToldTo(db, id)).toEqual(['channel.failing'])
    expect(await db.select().from(alertStates)).toEqual([])
  })

  test('is nothing while it is switched off', async () => {
    const { id } = await createAlertDestination(db, { keys, enabled: false })
    await fails(9)
    expect(await watchAt(START)).toBe(0)
    expect(await toldTo(db, id)).toEqual([])
  })
})

test('a channel that is offline, or removed in Front, is told with the reason, and when it is back', async () => {
  const { id } = await createAlertDestination(db, { keys })
  const offline = { offlineSince: at(-1), offlineBy: 'rule', offlineReason: 'The provider refused Patchbay' }
  await db.update(channels).set(offline).where(eq(channels.id, channel.id))
  await watchAt(START)
  const online = { offlineSince: null, offlineBy: null, offlineReason: null }
  await db.update(channels).set(online).where(eq(channels.id, channel.id))
  for (const minute of [1, 4]) await watchAt(at(minute))
  await db
    .update(channels)
    .set({ disconnectedAt: at(30) })
    .where(eq(channels.id, channel.id))
  await watchAt(at(31))
  expect(await toldTo(db, id)).toMatchObject([
    { type: 'channel.offline', data: { since: at(-1).toISOString(), reason: 'The provider refused Patchbay' } },
    { type: 'channel.online', data: { since: at(-1).toISOString() } },
    { type: 'channel.offline', data: { title: 'Website chat: removed in Front' } },
  ])
})

test('a message that waits too long is told with how many wait, also when a person holds the channel', async () => {
  const { id } = await createAlertDestination(db, { keys, backlogMinutes: 20 })
  const talk = await createConversation(db, channel.id)
  await setTarget(db, channel.id, 'outbound', { heldSince: START, heldReason: 'Paused by mina: move' })
  for (const minute of [0, 10]) {
    const id = firstIdAt(at(minute))
    await createMessage(db, talk, { id, direction: 'outbound', delivery: { status: 'pending' } })
  }
  await watchAt(at(19))
  expect(await toldTo(db, id)).toEqual([])
  await watchAt(at(21))
  await db.execute(sql`delete from lane_queue`)
  await db.execute(sql`update lanes set head_seq = last_seq + 1, due_at = null`)
  for (const minute of [22, 25]) await watchAt(at(minute))
  expect(await toldTo(db, id)).toMatchObject([
    {
      type: 'channel.backlog_old',
      data: { waiting: 2, oldest_waiting_at: START.toISOString(), reason: 'Paused by mina: move' },
    },
    { type: 'channel.backlog_clear', data: { waiting: 0 } },
  ])
})

test('an old message that a person asks for again has waited since then, not since it came', async () => {
  const { id } = await createAlertDestination(db, { keys, backlogMinutes: 20 })
  const talk = await createConversation(db, channel.id)
  const old = firstIdAt(new Date(Date.now() - 3_600_000))
  await createMessage(db, talk, { id: old, direction: 'outbound', delivery: { status: 'failed' } })
  const now = new Date()
  await retryDelivery(db, { deliveryId: old, requestedBy: actor, now })
  await watchAt(now)
  expect(await toldTo(db, id)).toEqual([])
  await watchAt(new Date(now.getTime() + 21 * 60_000))
  expect(await typesToldTo(db, id)).toEqual(['channel.backlog_old'])
})

test('messages that never appeared in Front are told from the threshold on, and when none of a day is missing', async () => {
  const { id } = await createAlertDestination(db, { keys, missingCount: 2 })
  const talk = await createConversation(db, channel.id)
  const missing = (came: Date) => createMessage(db, talk, { id: firstIdAt(came), frontState: 'missing' })
  await missing(at(-2 * 24 * 60))
  await missing(at(-5))
  await watchAt(START)
  expect(await toldTo(db, id)).toEqual([])
  const second = await missing(at(-4))
  await watchAt(at(1))
  await db.execute(sql`update messages set front_state = 'none' where id = ${second.id}`)
  for (const minute of [2, 30]) await watchAt(at(minute))
  expect(await toldTo(db, id)).toMatchObject([{ type: 'channel.confirmations_missing', data: { missing: 2 } }])
  await db.execute(sql`update messages set front_state = 'none' where channel_id = ${channel.id}`)
  for (const minute of [31, 34]) await watchAt(at(minute))
  expect((await toldTo(db, id)).at(-1)).toMatchObject({ type: 'channel.confirmations_clear', data: { missing: 0 } })
})
