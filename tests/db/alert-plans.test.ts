import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { firstIdAt } from '#db/ids'
import { listAlerts } from '#db/queries/alerts'
import { alertStates } from '#db/schema/alerts'
import { watchChannels } from '#lib/flows/watch-channels'
import type { SealingKeys } from '#lib/secrets'
import { createAlertDestination, toldTo } from '#tests/support/alerts'
import { createChannel, createConversation, createMessage, setTarget } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'
import { scansIn } from '#tests/support/scans'

const database = await testDatabase()
const { db } = database
const keys: SealingKeys = [Buffer.alloc(32, 7)]
const HISTORY = 30_000
const NOW = new Date()
const HOUR_AGO = new Date(NOW.getTime() - 3_600_000)
let channelId: string
afterAll(database.close)

/** As many messages that have been delivered as that wait since just now, and one of each trouble. */
beforeAll(async () => {
  channelId = (await createChannel(db)).id
  await db.execute(sql`
    with place as (select uuid_v7() as id, gen_random_uuid() as conversation, n, n % 2 as waits
      from generate_series(1, ${2 * HISTORY}::int) n),
    talk as (insert into conversations (id, channel_id, key, contact_handle)
      select conversation, ${channelId}::uuid, 'key ' || n, 'handle ' || n from place),
    message as (
      insert into messages (id, channel_id, conversation_id, direction, contact_handle, body, body_format, body_text, raw, attachments, thread_reason)
      select id, ${channelId}::uuid, conversation, 'inbound', 'handle ' || n, 'Hi', 'text', 'Hi', '{}', '[]', 'test' from place),
    duty as (insert into deliveries (id, channel_id, conversation_id, direction, status)
      select id, ${channelId}::uuid, conversation, 'inbound', case waits when 1 then 'pending' else 'delivered' end from place),
    lane as (insert into lanes (conversation_id, channel_id, direction, last_seq, head_seq, due_at)
      select conversation, ${channelId}::uuid, 'inbound', 1, 2 - waits, case waits when 1 then now() end from place
      returning id, conversation_id, head_seq),
    waiting as (insert into lane_queue (lane_id, seq, delivery_id)
      select lane.id, 1, place.id from lane join place on place.conversation = lane.conversation_id where head_seq = 1)
    select 1`)
  const talk = await createConversation(db, channelId)
  await createMessage(db, talk, { id: firstIdAt(HOUR_AGO), delivery: { status: 'pending' } })
  await createMessage(db, talk, { frontState: 'missing' })
  await setTarget(db, channelId, 'inbound', { failuresInARow: 9, lastError: 'Down.' })
}, 60_000)

const scansOf = scansIn(database, 'messages|deliveries|reports|attempts|conversations|lanes|lane_queue')

test('a look at the channels reads neither the log nor what has not waited long', async () => {
  await createAlertDestination(db, { keys })
  const watch = (own: Database) => watchChannels(own, { publicUrl: 'https://patchbay.example', now: NOW })
  expect(await watch(db)).toBe(3)
  expect(await scansOf(watch)).toEqual({})
})

test('the list of alerts reads those that it shows', async () => {
  const { id } = await createAlertDestination(db, { keys })
  await db.delete(alertStates)
  await watchChannels(db, { publicUrl: 'https://patchbay.example', now: NOW })
  const list = (own: Database) => listAlerts(own, { destinationIds: [id] })
  expect(await list(db)).toHaveLength(3)
  expect(await scansOf(list)).toEqual({})
})

test('a backlog of one channel, however large, hides none of another', async () => {
  const quiet = await createChannel(db, { name: 'Few messages' })
  const talk = await createConversation(db, quiet.id)
  await createMessage(db, talk, { delivery: { status: 'pending' } })
  const later = new Date(Date.now() + 3_600_000)
  const { id } = await createAlertDestination(db, { keys, alerts: ['backlog'], backlogMinutes: 1 })
  await watchChannels(db, { publicUrl: 'https://patchbay.example', now: later })
  const told = await toldTo(db, id)
  expect(told.map(({ data }) => data.channel.name).sort()).toEqual(['Few messages', 'Website chat'])
})
