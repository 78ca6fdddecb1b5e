import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { channelKeys } from '#db/schema/channel-keys'
import { companies } from '#db/schema/companies'
import { confirmations } from '#db/schema/confirmations'
import { deliveries } from '#db/schema/deliveries'
import { lanes } from '#db/schema/lanes'
import { messages } from '#db/schema/messages'
import { targets } from '#db/schema/targets'
import { confirmDue } from '#lib/delivery/confirm'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { drain } from '#lib/delivery/drain'
import { generateSigningSecret } from '#lib/provider/signature'
import { type SealingKeys, seal } from '#lib/secrets'
import { claim, passTime } from '#tests/support/engine'
import { type Channel, createChannel, createCompany, createConversation, createMessage } from '#tests/support/factories'
import { otherSide, timedOut } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const keys: SealingKeys = [Buffer.alloc(32, 7)]
const pending = { delivery: { status: 'pending' as const } }
let channel: Channel

beforeEach(async () => {
  await db.execute(sql`update lanes set due_at = null`)
  await db.delete(confirmations)
  const company = await createCompany(db, { apiTokenSealed: seal('front-token', keys) })
  channel = await createChannel(db, { companyId: company.id })
})

function depsWith(transport: DeliveryDeps['transport']): DeliveryDeps {
  const base = { db, keys, publicUrl: 'https://patchbay.example', mail: null }
  return { ...base, transport, now: () => new Date(), random: () => 0.5 }
}

const drainOnce = (transport: DeliveryDeps['transport']) =>
  drain(depsWith(transport), { deadline: new Date(Date.now() + 60_000) })

const acceptedAs = (uid: string) => ({ status: 202, body: JSON.stringify({ status: 'accepted', message_uid: uid }) })

async function read(id: string) {
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, id))
  const [message] = await db.select().from(messages).where(eq(messages.id, id))
  return { delivery, message }
}

async function newMessage(frontConversationId: string | null = null): Promise<string> {
  const talk = await createConversation(db, channel.id, { frontConversationId })
  return (await createMessage(db, talk, pending)).id
}

async function companyNow() {
  const [company] = await db.select().from(companies).where(eq(companies.id, channel.companyId))
  return company
}

describe('a pause that the other side asks for', () => {
  test.each(['604800', '999999999999999999', 'Fri, 01 Jan 2100 00:00:00 GMT'])(
    'of “%s” stops a target for no more than an hour',
    async (retryAfter) => {
      const id = await newMessage()
      await drainOnce(otherSide(() => ({ status: 503, headers: { 'retry-after': retryAfter }, body: '{}' })).send)
      expect((await read(id)).delivery).toMatchObject({ status: 'retrying', attempts: 1 })
      const [inbound] = await db
        .select()
        .from(targets)
        .where(eq(targets.channelId, channel.id))
        .orderBy(targets.direction)
      expect(inbound?.holdUntil?.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000)
    },
  )
})

describe('a message whose answer was lost', () => {
  async function lose(frontConversationId: string): Promise<string> {
    const id = await newMessage(frontConversationId)
    await drainOnce(otherSide(() => timedOut).send)
    await passTime(db, 3_600_000)
    return id
  }

  test('is looked for in the conversation that its own was merged into', async () => {
    const id = await lose('cnv_old')
    const there = { id: 'msg_there', metadata: { headers: { patchbay_message_id: id } } }
    const front = otherSide((request) =>
      request.url.includes('cnv_old')
        ? { status: 301, headers: { location: 'https://front.example/conversations/cnv_new' } }
        : { status: 200, body: JSON.stringify({ _results: [there] }) },
    )
    await drainOnce(front.send)
    expect(front.seen.map(({ method }) => method)).toEqual(['GET', 'GET'])
    expect(await read(id)).toMatchObject({
      delivery: { status: 'delivered' },
      message: { frontMessageId: 'msg_there', frontConversationId: 'cnv_new' },
    })
  })

  test.each([301, 403, 404])('is sent as the channel says where looking answers %i', async (status) => {
    const id = await lose('cnv_gone')
    const front = otherSide(({ method }) => (method === 'GET' ? { status, body: '{}' } : acceptedAs(`uid-${id}`)))
    await drainOnce(front.send)
    expect(front.seen.map(({ method }) => method)).toEqual(['GET', 'POST'])
    expect((await read(id)).delivery?.status).toBe('delivered')
  })
})

test('a page that answers 200 in Front’s place delivers nothing', async () => {
  const id = await newMessage()
  await drainOnce(otherSide(() => ({ status: 200, body: '<html>Down for maintenance</html>' })).send)
  expect((await read(id)).delivery).toMatchObject({
    status: 'retrying',
    answerLost: true,
    lastErrorClass: 'unexpected_answer',
  })
})

test('a uid that no database can hold is left out, and the message counts as delivered', async () => {
  const id = await newMessage()
  const front = otherSide(() => acceptedAs(`uid${'\u0000'}`))
  await drainOnce(front.send)
  expect(front.seen).toHaveLength(1)
  expect(await read(id)).toMatchObject({ delivery: { status: 'delivered' }, message: { messageUid: null } })
})

test('a message in whose tries every worker died fails when its schedule has ended, unsent', async () => {
  const id = await newMessage()
  for (let n = 0; n < channel.retryDelaysS.length + 1; n += 1) {
    await claim(db)
    await passTime(db, 30_000)
  }
  const front = otherSide(() => acceptedAs('never'))
  await drainOnce(front.send)
  expect(front.seen).toEqual([])
  expect((await read(id)).delivery).toMatchObject({ status: 'failed', lastErrorClass: 'worker_lost' })
  const [lane] = await db.select().from(lanes).where(eq(lanes.channelId, channel.id))
  expect(lane).toMatchObject({ lease: null, dueAt: null, headSeq: 2 })
})

describe('looking for what Front accepted', () => {
  async function acceptOne(): Promise<string> {
    const id = await newMessage()
    await drainOnce(otherSide(() => acceptedAs(`uid-${id}`)).send)
    await db.execute(sql`update confirmations set due_at = now()`)
    return id
  }

  test('stops for the whole company when Front asks to slow down', async () => {
    await acceptOne()
    const busy = otherSide(() => ({ status: 429, headers: { 'retry-after': '20' }, body: '{}' }))
    await confirmDue(depsWith(busy.send))
    expect((await companyNow())?.holdUntil?.getTime()).toBeGreaterThan(Date.now() + 15_000)
    await db.execute(sql`update confirmations set due_at = now()`)
    await confirmDue(depsWith(busy.send))
    expect(busy.seen).toHaveLength(1)
  })

  test('keeps to the calls that Front leaves, and waits without a call when there are none', async () => {
    await acceptOne()
    const headers = { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '0' }
    const front = otherSide(() => ({ status: 404, headers, body: '{}' }))
    await confirmDue(depsWith(front.send))
    await db.execute(sql`update confirmations set due_at = now()`)
    await confirmDue(depsWith(front.send))
    expect(front.seen).toHaveLength(1)
    expect(await companyNow()).toMatchObject({ rateLimit: 50, rateRemaining: 0 })
    await db.execute(sql`update companies set calls_tat = '-infinity'`)
    await db.execute(sql`update confirmations set due_at = now()`)
    await confirmDue(depsWith(front.send))
    expect(front.seen).toHaveLength(2)
  })

  test('ends with what Front shows, though no database could hold its id as it is', async () => {
    const id = await acceptOne()
    await confirmDue(depsWith(otherSide(() => ({ status: 200, body: '{"id":"msg_1\\u0000"}' })).send))
    expect((await read(id)).message).toMatchObject({ frontState: 'confirmed', frontMessageId: 'msg_1' })
    expect(await db.select().from(confirmations)).toEqual([])
  })

  test('stops when it is told to', async () => {
    await acceptOne()
    const front = otherSide(() => ({ status: 404, body: '{}' }))
    await confirmDue(depsWith(front.send), () => true)
    expect(front.seen).toEqual([])
  })
})

test.each([
  ['{"error":{"message":"unknown room"}}', 'The provider answered with status 422: unknown room'],
  ['{"error":"unknown room"}', 'The provider answered with status 422: unknown room'],
  ['<h1>Unknown room</h1>', 'The provider answered with status 422: Unknown room'],
  ['', 'The provider answered with status 422.'],
])('a reply that the provider refuses with %s is told in its own words', async (body, said) => {
  const secretSealed = seal(generateSigningSecret(), keys)
  await db
    .insert(channelKeys)
    .values({ id: newId(), channelId: channel.id, purpose: 'signing', secretSealed, hint: 'abcd' })
  const talk = await createConversation(db, channel.id)
  const { id } = await createMessage(db, talk, { ...pending, direction: 'outbound' })
  await drainOnce(otherSide(() => ({ status: 422, body })).send)
  expect((await read(id)).delivery).toMatchObject({ status: 'failed', lastError: said })
})
