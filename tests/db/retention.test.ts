import { eq, sql } from 'drizzle-orm'
import { v7 } from 'uuid'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { ensurePartitions } from '#db/queries/partitions'
import { attempts } from '#db/schema/attempts'
import { channels } from '#db/schema/channels'
import { deliveries } from '#db/schema/deliveries'
import { files } from '#db/schema/files'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { forgetOldLog } from '#lib/flows/forget-old-log'
import {
  type Channel,
  type Conversation,
  createAttempt,
  createChannel,
  createConversation,
  createMessage,
  createRequest,
} from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const NOW = new Date('2031-06-15T12:00:00Z')
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000)
/** An id of that time, as a message of then would have it. */
const idOf = (days: number) => v7({ msecs: daysAgo(days).getTime() })

let channel: Channel
let talk: Conversation

beforeEach(async () => {
  await db.execute(sql`update channels set retention_days = null`)
  await db.execute(sql`delete from lane_queue`)
  channel = await createChannel(db, { retentionDays: 30 })
  talk = await createConversation(db, channel.id)
})

async function messageOf(days: number, more: Parameters<typeof createMessage>[2] = {}, place = talk): Promise<string> {
  const id = idOf(days)
  await createMessage(db, place, { id, externalId: `ext-${id}`, keys: { provider: `ext-${id}` }, ...more })
  await createAttempt(db, id, { id: idOf(days - 1) })
  return id
}

const left = async (place = channel) =>
  (await db.select({ id: messages.id }).from(messages).where(eq(messages.channelId, place.id))).map(({ id }) => id)
const partitions = async () =>
  (await db.execute<{ name: string }>(sql`select relname as name from pg_class where relname ~ '_2031_'`)).map(
    ({ name }) => name,
  )

test('what ended longer ago than a channel keeps goes with all that belongs to it; the rest stays', async () => {
  const [old, young] = [await messageOf(31), await messageOf(29)]
  await db.insert(files).values({
    id: idOf(31),
    messageId: old,
    filename: 'a.txt',
    contentType: 'text/plain',
    size: 1,
    bytes: Buffer.from('a'),
  })
  await createRequest(db, channel.id, { id: idOf(31) })
  const { id: refused } = await createRequest(db, channel.id, { id: idOf(29) })
  await forgetOldLog(db, NOW)

  expect(await left()).toEqual([young])
  const rest = {
    deliveries: await db.select().from(deliveries).where(eq(deliveries.channelId, channel.id)),
    attempts: await db.select().from(attempts).where(eq(attempts.deliveryId, old)),
    files: await db.select().from(files).where(eq(files.messageId, old)),
    keys: await db.select().from(messageKeys).where(eq(messageKeys.channelId, channel.id)),
    requests: await db.select().from(requests).where(eq(requests.channelId, channel.id)),
  }
  expect(rest.deliveries.map(({ id }) => id)).toEqual([young])
  expect([rest.attempts, rest.files]).toEqual([[], []])
  expect(rest.keys.map(({ value }) => value)).toEqual([`ext-${young}`])
  expect(rest.requests.map(({ id }) => id)).toEqual([refused])
})

test('what still waits is kept, however old it is', async () => {
  const waiting = await messageOf(400, { delivery: { status: 'retrying', attempts: 3 } })
  const failed = await messageOf(300, { delivery: { status: 'failed' }, queued: true })
  await forgetOldLog(db, NOW)
  expect((await left()).sort()).toEqual([waiting, failed].sort())
})

test('a channel that keeps its log for ever loses nothing', async () => {
  const other = await createChannel(db)
  const id = await messageOf(4000, {}, await createConversation(db, other.id))
  await forgetOldLog(db, NOW)
  expect(await left(other)).toEqual([id])
})

test('one pass deletes no more than its budget, oldest first, and the next goes on', async () => {
  const ids: string[] = []
  for (let n = 0; n < 3; n += 1) ids.push(await messageOf(60 - n))
  await forgetOldLog(db, NOW, { rows: 0 })
  expect(await left()).toHaveLength(3)
  await forgetOldLog(db, NOW)
  expect(await left()).toEqual([])
})

test('a month that no channel keeps any more is dropped as a whole, and its ids with it', async () => {
  await db.update(channels).set({ retentionDays: 30 })
  for (const month of [0, 1, 2, 3]) await ensurePartitions(db, new Date(Date.UTC(2031, month, 1)))
  await messageOf(80)
  await messageOf(5)
  expect(await partitions()).toContain('messages_2031_03')
  await forgetOldLog(db, NOW)
  const rest = await partitions()
  expect(rest.filter((name) => /_2031_0[1-4]$/.test(name))).toEqual([])
  expect(rest).toContain('messages_2031_06')
  const keys = await db.select().from(messageKeys).where(eq(messageKeys.channelId, channel.id))
  expect(keys).toHaveLength(1)
})

test('a month in which something still waits stays, and holds back no other', async () => {
  await db.update(channels).set({ retentionDays: 30 })
  for (const month of [0, 1]) await ensurePartitions(db, new Date(Date.UTC(2031, month, 1)))
  await messageOf(120, { delivery: { status: 'pending' } })
  await forgetOldLog(db, NOW)
  const rest = await partitions()
  expect(rest).toContain('messages_2031_02')
  expect(rest).not.toContain('messages_2031_03')
})

test('what stood for the id of an auto-reply is forgotten after a month, and nobody else’s id is', async () => {
  const key = (kind: 'front_autoreply' | 'front', days: number) => ({
    channelId: channel.id,
    kind,
    value: `${kind} ${days}`,
    messageId: idOf(days),
    createdAt: daysAgo(days),
  })
  await db.insert(messageKeys).values([key('front_autoreply', 31), key('front_autoreply', 29), key('front', 31)])
  await forgetOldLog(db, NOW)
  const kept = await db.select().from(messageKeys).where(eq(messageKeys.channelId, channel.id))
  expect(kept.map(({ value }) => value).sort()).toEqual(['front 31', 'front_autoreply 29'])
})
