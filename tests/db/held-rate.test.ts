import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { msUntilClaimable } from '#db/queries/next-claim'
import { settleDeliveries } from '#db/queries/settle'
import { channels } from '#db/schema/channels'
import { laneQueue, lanes } from '#db/schema/lanes'
import { targets } from '#db/schema/targets'
import { channelSettings } from '#lib/channels/settings'
import { applyRules } from '#lib/delivery/rules'
import { pauseChannel } from '#lib/flows/pause-channel'
import { resumeChannel } from '#lib/flows/resume-channel'
import { updateChannel } from '#lib/flows/update-channel'
import { KEYS } from '#tests/support/door'
import { claim, enqueue, settlement } from '#tests/support/engine'
import { type Channel, createChannel, createConversation } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const who = { actor: 'mina@example.com', now: new Date() }
let channel: Channel

beforeEach(async () => {
  await db.delete(laneQueue)
  await db.delete(lanes)
  channel = await createChannel(db, { heldPerMinute: 120 })
})

/** Conversations with a reply each. */
async function wait(count: number, { id: channelId } = channel): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const { id: conversationId } = await createConversation(db, channelId)
    await enqueue(db, { channelId, conversationId, direction: 'outbound' })
  }
}

/** Delivers what may go now; returns how many went. */
async function deliver(): Promise<number> {
  const claims = await claim(db)
  await settleDeliveries(
    db,
    claims.map((one) => settlement(one, 'delivered')),
  )
  return claims.length
}

const pass = (ms: number) => db.execute(sql`update targets set tat = tat - ${ms} * interval '1 ms'`)

async function changeRate(heldPerMinute: number): Promise<void> {
  const { headers, ...form } = SETTINGS
  const settings = channelSettings.parse({ ...form, heldPerMinute: String(heldPerMinute) })
  await updateChannel(db, {
    ...who,
    channelId: channel.id,
    settings,
    headers,
    keys: KEYS,
    checkProviderUrl: async () => {},
  })
}

const SETTINGS = {
  name: 'Website chat',
  contactType: 'custom',
  providerUrl: 'https://provider.example/messages',
  providerFormat: 'envelope',
  retryDelaysS: '5s',
  lostAnswer: 'send_again',
  failedHead: 'move_on',
  maxBodyBytes: '1',
  headers: [],
}

async function heldWith(count: number): Promise<void> {
  await pauseChannel(db, { channelId: channel.id, reason: 'moving house', ...who })
  await wait(count)
  await resumeChannel(db, { channelId: channel.id, ...who })
}

test('what a pause held goes out at the channel’s rate, and when nothing waits any more the usual rate is back', async () => {
  await heldWith(5)
  expect(await deliver()).toBe(2)
  expect(await deliver()).toBe(0)
  expect(await msUntilClaimable(db)).toBeGreaterThan(0)
  await applyRules(db, new Date())
  await pass(1000)
  expect(await deliver()).toBe(2)
  await pass(1000)
  expect(await deliver()).toBe(1)

  await applyRules(db, new Date())
  await pass(1000)
  await wait(20)
  expect(await deliver()).toBe(20)
})

test('another channel is not slowed down by it', async () => {
  await heldWith(5)
  const other = await createChannel(db, { heldPerMinute: 120 })
  await wait(10, other)
  expect(await deliver()).toBe(12)
})

test('without a rate everything goes as fast as the other side takes it', async () => {
  await db.update(channels).set({ heldPerMinute: null }).where(eq(channels.id, channel.id))
  await heldWith(5)
  expect(await deliver()).toBe(5)
})

test('a changed rate counts at once, also for what is being sent already', async () => {
  await heldWith(20)
  expect(await deliver()).toBe(2)
  await changeRate(600)
  expect(await deliver()).toBe(10)
})

test('a slow rate holds up nothing that comes when what was held has gone', async () => {
  await changeRate(1)
  await db.update(targets).set({ rateEvery: '200 milliseconds', rateBurst: 5 }).where(eq(targets.channelId, channel.id))
  await heldWith(1)
  expect(await deliver()).toBe(1)
  await applyRules(db, new Date())
  await wait(3)
  expect(await deliver()).toBe(3)
})

test('the channel’s limit at the other side still counts where it is the slower one', async () => {
  await db
    .update(targets)
    .set({ rateEvery: '10 seconds', rateBurst: 1 })
    .where(and(eq(targets.channelId, channel.id), eq(targets.direction, 'outbound')))
  await heldWith(5)
  expect(await deliver()).toBe(1)
  await pass(5000)
  expect(await deliver()).toBe(0)
})

test('what waited while the circuit breaker was open goes out at that rate too', async () => {
  await wait(10)
  const faults = (await claim(db)).map((one) => settlement(one, 'retrying', { target_fault: true, retry_ms: 0 }))
  await settleDeliveries(db, faults)
  await db.update(targets).set({ holdUntil: sql`now() - interval '1 second'` }).where(eq(targets.channelId, channel.id))
  expect(await deliver()).toBe(1)
  await pass(1000)
  expect(await deliver()).toBe(2)
})
