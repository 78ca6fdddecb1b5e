import { desc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { auditEvents } from '#db/schema/audit-events'
import { channelKeys } from '#db/schema/channel-keys'
import { channels, type ProviderFormat } from '#db/schema/channels'
import { drain } from '#lib/delivery/drain'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { guardedAgent } from '#lib/http/guarded-agent'
import { sendHttp } from '#lib/http/send'
import { generateSigningSecret, verifyWebhook } from '#lib/provider/signature'
import { type SealingKeys, seal } from '#lib/secrets'
import { delivering, jsonOf } from '#tests/support/delivering'
import { passTime } from '#tests/support/engine'
import { type Channel, createChannel, createConversation, createMessage } from '#tests/support/factories'
import { otherSide } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'
import { recovering } from '#tests/support/recovering'

const database = await testDatabase()
const { db } = database
const keys: SealingKeys = [Buffer.alloc(32, 7)]
const { depsWith, drainOnce, withSigningSecret, read } = delivering(db, keys)
const { start, lookUp, step } = recovering(db)
const by = 'sam@example.com'
const OLD = 'https://old.example/hook'
const NEW = 'https://new.example/hook'
let channel: Channel
afterAll(database.close)

beforeEach(async () => {
  await db.execute(sql`truncate recoveries, recovery_items, recovery_targets, lanes, lane_queue`)
  await db.execute(sql`update deliveries set status = 'delivered'`)
  const old = { providerUrl: OLD, providerFormat: 'front_message' as const, retryDelaysS: [60, 60] }
  channel = await withSigningSecret(createChannel(db, old))
})

const accepts = () => otherSide(() => ({ status: 200 }))

/** A reply that was refused at the old address, and a channel that has moved since. */
async function refusedThenMoved(providerFormat: ProviderFormat = 'envelope'): Promise<string> {
  const reply = { direction: 'outbound' as const, raw: { kept: 'as Front sent it' } }
  const { id } = await createMessage(db, await createConversation(db, channel.id), {
    ...reply,
    delivery: { status: 'pending' },
  })
  await drainOnce(otherSide(() => ({ status: 422 })).send)
  await db.update(channels).set({ providerUrl: NEW, providerFormat }).where(eq(channels.id, channel.id))
  return id
}

const retry = (deliveryId: string, way: 'today' | 'as_was', reason?: string) =>
  retryDelivery(db, { deliveryId, requestedBy: by, now: new Date(), way, reason })

test('with today’s settings a reply goes where the channel sends now', async () => {
  const id = await refusedThenMoved()
  await retry(id, 'today')
  const provider = accepts()
  await drainOnce(provider.send)
  expect(provider.seen.map(({ url }) => url)).toEqual([NEW])
  expect(jsonOf(provider.seen[0])).toMatchObject({ id, message: { text: expect.any(String) } })
  const { tries } = await read(id)
  expect(tries.map(({ url, format, asWas }) => [url, format, asWas])).toEqual([
    [OLD, 'front_message', false],
    [NEW, 'envelope', false],
  ])
})

test('as it was, it goes to the address and in the format of the last attempt, signed with today’s secret', async () => {
  const id = await refusedThenMoved()
  const secret = generateSigningSecret()
  await db.delete(channelKeys).where(eq(channelKeys.channelId, channel.id))
  const key = { id: newId(), channelId: channel.id, purpose: 'signing' as const, secretSealed: seal(secret, keys) }
  await db.insert(channelKeys).values({ ...key, hint: 'efgh' })
  await retry(id, 'as_was')
  const provider = accepts()
  await drainOnce(provider.send)
  const [sent] = provider.seen
  expect(sent?.url).toBe(OLD)
  expect(jsonOf(sent)).toEqual({ kept: 'as Front sent it' })
  const headers = new Headers(sent?.headers)
  expect(
    verifyWebhook({ headers, rawBody: Buffer.from(String(sent?.body)), secrets: [secret], now: new Date() }),
  ).toEqual({ webhookId: id })
  expect((await read(id)).tries.at(-1)).toMatchObject({
    asWas: true,
    format: 'front_message',
    url: OLD,
    requestedBy: by,
  })
})

test('the choice holds for all attempts of that run, and the next retry makes it anew', async () => {
  const id = await refusedThenMoved()
  await retry(id, 'as_was')
  const down = otherSide(() => ({ status: 500 }))
  for (let n = 0; n < 3; n += 1) {
    await drainOnce(down.send)
    await passTime(db, 3_600_000)
  }
  expect(down.seen.map(({ url }) => url)).toEqual([OLD, OLD, OLD])
  expect((await read(id)).delivery?.status).toBe('failed')
  await retry(id, 'today')
  expect((await read(id)).delivery?.retryAs).toBeNull()
  const provider = accepts()
  await drainOnce(provider.send)
  expect(provider.seen.map(({ url }) => url)).toEqual([NEW])
})

test('sending now what waits for its next attempt makes the choice anew as well', async () => {
  const id = await refusedThenMoved()
  await retry(id, 'as_was')
  await drainOnce(otherSide(() => ({ status: 500 })).send)
  await retry(id, 'today')
  const provider = accepts()
  await drainOnce(provider.send)
  expect(provider.seen.map(({ url }) => url)).toEqual([NEW])
})

test('an address that may not be called is not called as it was either', async () => {
  channel = await withSigningSecret(createChannel(db, { providerUrl: 'http://127.0.0.1:8080/hook' }))
  const id = await refusedThenMoved()
  await retry(id, 'as_was')
  const guard = guardedAgent({ allowPrivate: false, allowedOrigins: [] })
  const deps = depsWith((request, limits) => sendHttp(request, { ...limits, guard }))
  await drain(deps, { deadline: new Date(Date.now() + 30_000) })
  expect((await read(id)).tries.at(-1)).toMatchObject({
    url: 'http://127.0.0.1:8080/hook',
    errorClass: 'blocked_address',
  })
})

test('what was never sent, and what goes to Front, has no earlier way', async () => {
  const failed = { delivery: { status: 'failed' as const } }
  const talk = await createConversation(db, channel.id)
  const reply = await createMessage(db, talk, { direction: 'outbound', ...failed })
  const inbound = await createMessage(db, talk, failed)
  const none = { code: 'conflict', message: expect.stringMatching(/never sent/) }
  await expect(retry(reply.id, 'as_was')).rejects.toMatchObject(none)
  await expect(retry(inbound.id, 'as_was')).rejects.toMatchObject(none)
})

test('why a person asked for a retry is kept, and how', async () => {
  const id = await refusedThenMoved()
  await retry(id, 'as_was', 'The customer waits.')
  const [event] = await db.select().from(auditEvents).where(eq(auditEvents.subjectId, id)).orderBy(desc(auditEvents.id))
  expect(event).toMatchObject({ actor: by, details: { reason: 'The customer waits.', way: 'as_was' } })
})

test('a recovery sends all as they were, where they were sent before', async () => {
  const id = await refusedThenMoved()
  const talk = await createConversation(db, channel.id)
  const unsent = await createMessage(db, talk, { direction: 'outbound', delivery: { status: 'failed' } })
  await lookUp(await start({ channel: channel.id }, { way: 'as_was' }))
  await step()
  const provider = accepts()
  await drainOnce(provider.send)
  const sent = Object.fromEntries(provider.seen.map(({ url, headers }) => [headers['webhook-id'], url]))
  expect(sent).toEqual({ [id]: OLD, [unsent.id]: NEW })
})
