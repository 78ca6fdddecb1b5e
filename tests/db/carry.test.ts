import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { channelKeys } from '#db/schema/channel-keys'
import { companies } from '#db/schema/companies'
import { confirmations } from '#db/schema/confirmations'
import { conversations, frontConversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { targets } from '#db/schema/targets'
import { confirmDue } from '#lib/delivery/confirm'
import { generateSigningSecret, verifyWebhook } from '#lib/provider/signature'
import { type SealingKeys, seal } from '#lib/secrets'
import { delivering } from '#tests/support/delivering'
import { passTime } from '#tests/support/engine'
import {
  type Channel,
  type Conversation,
  createChannel,
  createCompany,
  createConversation,
  createMessage,
} from '#tests/support/factories'
import { otherSide, refused, timedOut } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const keys: SealingKeys = [Buffer.alloc(32, 7)]
const secret = generateSigningSecret()
let channel: Channel
let conversation: Conversation

beforeEach(async () => {
  await db.execute(sql`update lanes set due_at = null`)
  await db.delete(confirmations)
  const company = await createCompany(db, { apiTokenSealed: seal('front-token', keys) })
  channel = await createChannel(db, { companyId: company.id, frontChannelId: `cha_${newId()}` })
  await db
    .insert(channelKeys)
    .values({ id: newId(), channelId: channel.id, purpose: 'signing', secretSealed: seal(secret, keys), hint: 'abcd' })
  conversation = await createConversation(db, channel.id)
})

const { depsWith, drainOnce, read } = delivering(db, keys)

const pending = { delivery: { status: 'pending' as const } }
const accepted = { status: 202, body: '{"status":"accepted","message_uid":"uid1"}' }

describe('an inbound message', () => {
  test('reaches Front with its format, reference and our id, and is written down as accepted', async () => {
    const { id } = await createMessage(db, conversation, { ...pending, body: '2 * 3 < 7', reference: 'ref-1' })
    const front = otherSide(() => ({ ...accepted, body: `{"status":"accepted","message_uid":"uid-${id}"}` }))
    await drainOnce(front.send)
    const [request] = front.seen
    expect(request?.url).toBe(`https://front.example/channels/${channel.frontChannelId}/incoming_messages`)
    expect(request?.headers.authorization).toBe('Bearer front-token')
    expect(JSON.parse(String(request?.body))).toMatchObject({
      body: '2 * 3 &lt; 7',
      body_format: 'html',
      metadata: { thread_ref: 'ref-1', headers: { patchbay_message_id: id } },
    })
    const { delivery, message, tries } = await read(id)
    expect(delivery.status).toBe('delivered')
    expect(message).toMatchObject({ frontState: 'accepted', messageUid: `uid-${id}` })
    expect(tries).toHaveLength(1)
    expect(tries[0]).toMatchObject({ n: 1, outcome: 'delivered', responseStatus: 202, ip: '192.0.2.7' })
    expect(JSON.stringify(tries)).not.toContain('front-token')
  })

  test('is followed until Front shows it, and then its conversation is known', async () => {
    const { id } = await createMessage(db, conversation, pending)
    await drainOnce(otherSide(() => ({ status: 202, body: `{"message_uid":"uid-${id}"}` })).send)
    const due = () => db.execute(sql`update confirmations set due_at = now()`)
    await due()
    await confirmDue(depsWith(otherSide(() => ({ status: 404, body: '{}' })).send))
    expect((await read(id)).message?.frontState).toBe('accepted')
    await due()
    const shown = {
      id: 'msg_9',
      _links: { related: { conversation: 'https://acme.api.frontapp.com/conversations/cnv_9' } },
    }
    const front = otherSide(() => ({ status: 200, body: JSON.stringify(shown) }))
    await confirmDue(depsWith(front.send))
    expect(front.seen[0]?.url).toBe(`https://front.example/messages/${encodeURIComponent(`alt:uid:uid-${id}`)}`)
    expect((await read(id)).message).toMatchObject({
      frontState: 'confirmed',
      frontMessageId: 'msg_9',
      frontConversationId: 'cnv_9',
    })
    const [pair] = await db.select().from(frontConversations).where(eq(frontConversations.channelId, channel.id))
    expect(pair).toMatchObject({ frontConversationId: 'cnv_9', conversationId: conversation.id })
    expect(await db.select().from(confirmations)).toEqual([])
  })

  test('that Front never shows becomes a visible problem', async () => {
    const { id } = await createMessage(db, conversation, pending)
    await drainOnce(otherSide(() => ({ status: 202, body: `{"message_uid":"uid-${id}"}` })).send)
    await db.execute(sql`update confirmations set due_at = now(), accepted_at = now() - interval '11 minutes'`)
    await confirmDue(depsWith(otherSide(() => ({ status: 404, body: '{}' })).send))
    expect((await read(id)).message?.frontState).toBe('missing')
  })

  test('waits and is tried again when Front is in trouble, with the reason in words', async () => {
    const { id } = await createMessage(db, conversation, pending)
    await drainOnce(otherSide(() => ({ status: 500, body: '{"_error":{"message":"Oops"}}' })).send)
    const { delivery, tries } = await read(id)
    expect(delivery).toMatchObject({
      status: 'retrying',
      attempts: 1,
      lastErrorClass: 'server_error',
      lastError: 'Oops',
    })
    expect(tries[0]?.nextAttemptAt).not.toBeNull()
    await passTime(db, 3_600_000)
    await drainOnce(otherSide(() => accepted).send)
    expect((await read(id)).delivery.status).toBe('delivered')
  })

  test('that Front refuses fails at once, and the conversation moves on', async () => {
    const first = await createMessage(db, conversation, pending)
    const second = await createMessage(db, conversation, pending)
    await drainOnce(
      otherSide((_, n) => (n === 1 ? { status: 400, body: '{"_error":{"message":"Bad body"}}' } : accepted)).send,
    )
    expect((await read(first.id)).delivery).toMatchObject({ status: 'failed', lastErrorClass: 'refused_content' })
    expect((await read(second.id)).delivery.status).toBe('delivered')
  })

  test('fails when its schedule has ended', async () => {
    const short = await createChannel(db, { companyId: channel.companyId, retryDelaysS: [1] })
    const { id } = await createMessage(db, await createConversation(db, short.id), pending)
    await drainOnce(otherSide(() => refused).send)
    await passTime(db, 10_000)
    await drainOnce(otherSide(() => refused).send)
    expect((await read(id)).delivery).toMatchObject({ status: 'failed', attempts: 2, lastErrorClass: 'refused' })
  })

  test('makes the whole company wait when Front’s limit is reached, and only its channel for a burst', async () => {
    await createMessage(db, conversation, pending)
    await drainOnce(otherSide(() => ({ status: 429, headers: { 'retry-after': '30' }, body: '{}' })).send)
    const [company] = await db.select().from(companies).where(eq(companies.id, channel.companyId))
    expect(company?.holdUntil?.getTime()).toBeGreaterThan(Date.now() + 20_000)
    await db.update(companies).set({ holdUntil: null }).where(eq(companies.id, channel.companyId))
    await passTime(db, 3_600_000)
    const burst = '{"_error":{"message":"Rate limit exceeded for tier-2 route. Please retry in 5000 milliseconds."}}'
    await drainOnce(otherSide(() => ({ status: 429, headers: { 'x-front-tier': '2' }, body: burst })).send)
    const [after] = await db.select().from(companies).where(eq(companies.id, channel.companyId))
    expect(after?.holdUntil).toBeNull()
    const [target] = await db.select().from(targets).where(eq(targets.channelId, channel.id)).orderBy(targets.direction)
    expect(target?.holdUntil?.getTime()).toBeGreaterThan(Date.now())
  })

  test('waits for an API token where none is set', async () => {
    const bare = await createChannel(db)
    const { id } = await createMessage(db, await createConversation(db, bare.id), pending)
    await drainOnce(otherSide(() => accepted).send)
    expect((await read(id)).delivery).toMatchObject({ status: 'retrying', lastErrorClass: 'no_api_token' })
  })
})

describe('an inbound message whose answer was lost', () => {
  async function loseAnswer(lostAnswer: Channel['lostAnswer'], frontConversationId: string | null): Promise<string> {
    const own = await createChannel(db, { companyId: channel.companyId, lostAnswer })
    const talk = await createConversation(db, own.id, { frontConversationId })
    const { id } = await createMessage(db, talk, pending)
    await drainOnce(otherSide(() => timedOut).send)
    expect((await read(id)).delivery).toMatchObject({ status: 'retrying', answerLost: true })
    await passTime(db, 3_600_000)
    return id
  }

  test('is not sent again when it is found in Front', async () => {
    const id = await loseAnswer('send_again', 'cnv_1')
    const there = { id: 'msg_there', message_uid: 'u2', metadata: { headers: { patchbay_message_id: id } } }
    const front = otherSide(() => ({ status: 200, body: JSON.stringify({ _results: [{ id: 'msg_other' }, there] }) }))
    await drainOnce(front.send)
    expect(front.seen.map((request) => request.method)).toEqual(['GET'])
    const { delivery, message } = await read(id)
    expect(delivery).toMatchObject({ status: 'delivered', answerLost: false })
    expect(message).toMatchObject({
      frontState: 'confirmed',
      frontMessageId: 'msg_there',
      frontConversationId: 'cnv_1',
    })
  })

  test('is sent again when Front does not have it', async () => {
    const id = await loseAnswer('stop', 'cnv_1')
    const front = otherSide((request) => (request.method === 'GET' ? { body: '{"_results":[]}' } : accepted))
    await drainOnce(front.send)
    expect(front.seen.map((request) => request.method)).toEqual(['GET', 'POST'])
    expect((await read(id)).delivery.status).toBe('delivered')
  })

  test('stops for a person where nobody can tell and the channel says so', async () => {
    const id = await loseAnswer('stop', null)
    const front = otherSide(() => accepted)
    await drainOnce(front.send)
    expect(front.seen).toEqual([])
    expect((await read(id)).delivery).toMatchObject({ status: 'failed', lastErrorClass: 'may_have_arrived' })
  })

  test('is sent again where nobody can tell and the channel prefers that', async () => {
    const id = await loseAnswer('send_again', null)
    const front = otherSide(() => accepted)
    await drainOnce(front.send)
    expect(front.seen.map((request) => request.method)).toEqual(['POST'])
    expect((await read(id)).delivery.status).toBe('delivered')
  })
})

describe('a reply', () => {
  const outbound = { ...pending, direction: 'outbound' as const, body: '<p>Hello</p>', bodyFormat: 'html' as const }

  test('reaches the provider signed, under the same id on every attempt', async () => {
    const { id } = await createMessage(db, conversation, outbound)
    const provider = otherSide((_, n) =>
      n === 1 ? refused : { body: '{"external_id":"p-1","conversation_key":"room-4"}' },
    )
    await drainOnce(provider.send)
    await passTime(db, 3_600_000)
    await drainOnce(provider.send)
    expect(provider.seen).toHaveLength(2)
    for (const request of provider.seen) {
      const rawBody = Buffer.from(String(request.body))
      const headers = new Headers(request.headers)
      expect(verifyWebhook({ headers, rawBody, secrets: [secret], now: new Date() })).toEqual({ webhookId: id })
      expect(JSON.parse(String(request.body))).toMatchObject({ id, message: { body: '<p>Hello</p>' } })
    }
    const { delivery, message, tries } = await read(id)
    expect(delivery.status).toBe('delivered')
    expect(message?.externalId).toBe('p-1')
    const [talk] = await db.select().from(conversations).where(eq(conversations.id, conversation.id))
    expect(talk?.providerKey).toBe('room-4')
    expect(tries.map((one) => one.outcome)).toEqual(['retrying', 'delivered'])
    expect(JSON.stringify(tries)).not.toContain(provider.seen[0]?.headers['webhook-signature'])
  })

  test('goes out as Front’s own JSON, with the channel’s extra headers masked in the log', async () => {
    const own = await createChannel(db, {
      providerFormat: 'front_message',
      providerHeadersSealed: seal('{"X-Gateway":"hush-hush"}', keys),
    })
    await db
      .insert(channelKeys)
      .values({ id: newId(), channelId: own.id, purpose: 'signing', secretSealed: seal(secret, keys), hint: 'abcd' })
    const raw = { id: 'msg_7', body: '<p>Hello</p>', created_at: 1_700_000_000.5, custom: { kept: true } }
    const { id } = await createMessage(db, await createConversation(db, own.id), { ...outbound, raw })
    const provider = otherSide(() => ({ status: 204 }))
    await drainOnce(provider.send)
    expect(JSON.parse(String(provider.seen[0]?.body))).toEqual(raw)
    expect(provider.seen[0]?.headers['X-Gateway']).toBe('hush-hush')
    expect(JSON.stringify((await read(id)).tries)).not.toContain('hush-hush')
  })

  test('makes only its channel’s provider wait when the provider asks for time', async () => {
    const { id } = await createMessage(db, conversation, outbound)
    const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString()
    await drainOnce(otherSide(() => ({ status: 503, headers: { 'retry-after': inTwoMinutes } })).send)
    const sides = await db.select().from(targets).where(eq(targets.channelId, channel.id)).orderBy(targets.direction)
    expect(sides.map((side) => side.holdUntil !== null)).toEqual([false, true, false])
    expect((await read(id)).delivery.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now() + 100_000)
  })

  test('that was discarded by a person meanwhile is stepped over', async () => {
    const first = await createMessage(db, conversation, outbound)
    const second = await createMessage(db, conversation, outbound)
    await db.update(deliveries).set({ status: 'discarded' }).where(eq(deliveries.id, first.id))
    const provider = otherSide(() => ({}))
    await drainOnce(provider.send)
    expect(provider.seen).toHaveLength(1)
    expect((await read(first.id)).delivery).toMatchObject({ status: 'discarded', attempts: 0 })
    expect((await read(second.id)).delivery.status).toBe('delivered')
  })
})
