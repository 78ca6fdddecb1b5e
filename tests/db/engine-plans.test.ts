import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { takeDueConfirmations } from '#db/queries/confirmations'
import { loadCargo } from '#db/queries/deliveries'
import { settleDeliveries } from '#db/queries/settle'
import { type StoreMessage, storeMessage, storeWritten, writeOut } from '#db/queries/store-message'
import { discardDelivery } from '#lib/flows/discard-delivery'
import { claim, settlement } from '#tests/support/engine'
import { createChannel } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'
import { carryAll, failMany, recovering } from '#tests/support/recovering'
import { scansIn } from '#tests/support/scans'

const database = await testDatabase()
const { db } = database
const HISTORY = 30_000
let channelId: string
afterAll(database.close)

beforeAll(async () => {
  channelId = (await createChannel(db)).id
  await db.execute(sql`
    with place as (select uuid_v7() as id, gen_random_uuid() as conversation, n from generate_series(1, ${HISTORY}::int) n),
    talk as (insert into conversations (id, channel_id, key, contact_handle)
      select conversation, ${channelId}::uuid, 'key ' || n, 'handle ' || n from place),
    message as (
      insert into messages (id, channel_id, conversation_id, direction, contact_handle, body, body_format, body_text, raw, attachments, thread_reason)
      select id, ${channelId}::uuid, conversation, 'inbound', 'handle ' || n, 'Hi', 'text', 'Hi', '{}', '[]', 'test' from place),
    duty as (insert into deliveries (id, channel_id, conversation_id, direction, status)
      select id, ${channelId}::uuid, conversation, 'inbound', 'delivered' from place),
    try as (insert into attempts (id, delivery_id, n, started_at, outcome) select uuid_v7(), id, 1, now(), 'delivered' from place),
    key as (insert into message_keys (channel_id, kind, value, message_id)
      select ${channelId}::uuid, 'provider', 'old ' || n, id from place),
    lane as (insert into lanes (conversation_id, channel_id, direction, last_seq, head_seq)
      select conversation, ${channelId}::uuid, 'inbound', 1, 2 from place order by n returning id)
    select count(*) from lane`)
}, 60_000)

const scansOf = scansIn(
  database,
  'messages|deliveries|attempts|conversations|message_keys|lanes|lane_queue|confirmations|recovery_items',
)

let stored = 0

/** Into one of the conversations that are there, a different one each time. */
async function storeOne(own: Database): Promise<string> {
  const message = nextMessage()
  await storeMessage(own, message)
  return message.message.id
}

function nextMessage(): StoreMessage {
  const id = newId()
  stored += 1
  const n = stored
  return {
    message: {
      id,
      channelId,
      direction: 'inbound',
      contactHandle: `handle ${n}`,
      body: 'Hi',
      bodyFormat: 'text',
      bodyText: 'Hi',
      raw: {},
      attachments: [],
      threadReason: 'test',
    },
    key: { kind: 'provider', value: id, bodyHash: null },
    conversation: {
      id: newId(),
      key: `key ${n}`,
      reference: null,
      contactHandle: `handle ${n}`,
      contactName: null,
      isTest: false,
    },
    frontConversationId: null,
  }
}

test('storing, claiming, loading and settling a message never read a table that grows from end to end', async () => {
  const scans = await scansOf(async (own) => {
    for (let more = 0; more < 10; more += 1) await storeOne(own)
    const claims = await claim(own)
    await loadCargo(
      own,
      claims.map((one) => one.deliveryId),
    )
    await settleDeliveries(
      own,
      claims.map((one) =>
        settlement(one, 'delivered', { message_uid: newId(), external_id: newId(), provider_key: 'x' }),
      ),
    )
    await takeDueConfirmations(own, 10)
  })
  expect(scans).toEqual({})
})

test('storing messages in groups reads no table that grows from end to end, and nor does answering for known ones', async () => {
  const scans = await scansOf(async (own) => {
    const group = Array.from({ length: 20 }, () => writeOut(nextMessage()))
    await storeWritten(own, group)
    const again = Array.from({ length: 3 }, () => ({
      ...nextMessage(),
      key: { kind: 'provider', value: 'old 7', bodyHash: null } as const,
    }))
    expect((await storeWritten(own, again.map(writeOut))).map(({ outcome }) => outcome)).toEqual(
      Array(3).fill('duplicate'),
    )
  })
  expect(scans).toEqual({})
})

test('a decision of a person reads no table that grows from end to end', async () => {
  const scans = await scansOf(async (own) => {
    const id = await storeOne(own)
    await discardDelivery(own, { deliveryId: id, by: 'ada', reason: 'test', now: new Date() })
  })
  expect(scans).toEqual({})
})

test('a recovery that feeds and follows its messages reads no table that grows from end to end', async () => {
  await failMany(db, channelId, 3000)
  const { start, lookUp, step, read } = recovering(db)
  const id = await start({ channel: channelId })
  await lookUp(id)
  const scans = await scansOf(async (own) => {
    await step(own)
    await carryAll(own)
    await step(own)
  })
  expect((await read(id)).delivered).toBeGreaterThan(100)
  expect(scans).toEqual({})
})
