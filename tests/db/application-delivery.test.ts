import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { getChannel } from '#db/queries/channels'
import { enqueueReport, listReports, reportLane } from '#db/queries/reports'
import { listTargets } from '#db/queries/targets'
import { attempts } from '#db/schema/attempts'
import { channelKeys } from '#db/schema/channel-keys'
import { confirmations } from '#db/schema/confirmations'
import { deliveries } from '#db/schema/deliveries'
import { files } from '#db/schema/files'
import { hourlyStats } from '#db/schema/hourly-stats'
import { messages } from '#db/schema/messages'
import { confirmDue } from '#lib/delivery/confirm'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { drain } from '#lib/delivery/drain'
import { pauseChannel } from '#lib/flows/pause-channel'
import { resumeChannel } from '#lib/flows/resume-channel'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { setChannelStatus } from '#lib/flows/set-channel-status'
import { verifyChannelToken } from '#lib/front/channel-token'
import type { HttpRequest } from '#lib/http/send'
import { generateSigningSecret } from '#lib/provider/signature'
import { type SealingKeys, seal } from '#lib/secrets'
import { APP_SECRET, type App, createApp, createApplicationChannel } from '#tests/support/applications'
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
const actor = 'mina@example.com'
let app: App
let channel: Channel
let conversation: Conversation

beforeEach(async () => {
  await db.execute(sql`update lanes set due_at = null`)
  await db.delete(confirmations)
  app = await createApp(db, { keys })
  channel = await openChannel(createApplicationChannel(db, app))
  conversation = await createConversation(db, channel.id, { reference: 'pb-1', contactHandle: 'ada' })
})

/** A channel that can sign what goes to its provider. */
async function openChannel(made: Promise<Channel>): Promise<Channel> {
  const opened = await made
  const secretSealed = seal(generateSigningSecret(), keys)
  await db
    .insert(channelKeys)
    .values({ id: newId(), channelId: opened.id, purpose: 'signing', secretSealed, hint: 'abcd' })
  return opened
}

function depsWith(transport: DeliveryDeps['transport']): DeliveryDeps {
  return { db, keys, publicUrl: 'https://patchbay.example', transport, now: () => new Date(), random: () => 0.5 }
}

async function drainOnce(transport: DeliveryDeps['transport']): Promise<void> {
  await drain(depsWith(transport), { deadline: new Date(Date.now() + 60_000) })
}

async function read(id: string) {
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, id))
  const [message] = await db.select().from(messages).where(eq(messages.id, id))
  const tries = await db.select().from(attempts).where(eq(attempts.deliveryId, id)).orderBy(attempts.id)
  return { delivery, message, tries }
}

const pending = { delivery: { status: 'pending' as const } }
const outbound = { ...pending, direction: 'outbound' as const, reference: 'pb-1' }
const accepted = (uid: string) => ({ status: 202, body: JSON.stringify({ status: 'accepted', message_uid: uid }) })
const jsonOf = (request: HttpRequest | undefined) => JSON.parse(String(request?.body))
const isFronts = (request: HttpRequest) => request.url.startsWith('https://front.example/')

async function claimsOf(request: HttpRequest | undefined) {
  const token = request?.headers.authorization?.replace('Bearer ', '') ?? ''
  const verdict = await verifyChannelToken(token, { secretOf: () => APP_SECRET, now: new Date() })
  return verdict.ok ? verdict.claims : verdict
}

describe('a customer’s message', () => {
  test('reaches an application channel by a channel token, with our ids', async () => {
    const { id } = await createMessage(db, conversation, {
      ...pending,
      body: 'a < b',
      reference: 'pb-1',
      raw: { sender: { handle: 'ada', email: 'ada@example.com' } },
      sentAt: new Date('2026-11-20T10:00:00.700Z'),
    })
    const front = otherSide(() => accepted(`uid-${id}`))
    await drainOnce(front.send)
    const [request] = front.seen
    expect(request?.url).toBe(`https://front.example/channels/${channel.frontChannelId}/inbound_messages`)
    expect(jsonOf(request)).toEqual({
      sender: { handle: 'ada', name: 'Ada Example', email: 'ada@example.com' },
      body: 'a &lt; b',
      metadata: { external_id: id, external_conversation_id: 'pb-1' },
      delivered_at: 1_795_168_800,
    })
    expect(await claimsOf(request)).toMatchObject({ iss: app.uid, sub: channel.frontChannelId })
    const { delivery, message, tries } = await read(id)
    expect([delivery?.status, message?.frontState, message?.messageUid]).toEqual(['delivered', 'accepted', `uid-${id}`])
    expect(JSON.stringify(tries)).not.toContain(request?.headers.authorization?.slice(7))
  })

  test('gets a new token for every attempt', async () => {
    await createMessage(db, conversation, { ...pending, reference: 'pb-1' })
    const front = otherSide(() => ({ status: 503 }))
    await drainOnce(front.send)
    await passTime(db, 3_600_000)
    await drainOnce(front.send)
    const claims = await Promise.all(front.seen.map(claimsOf))
    expect(claims.map((claim) => 'jti' in claim)).toEqual([true, true])
    expect(new Set(claims.map((claim) => 'jti' in claim && claim.jti)).size).toBe(2)
  })

  test('sent outside Front is shown there as sent by the one who wrote it', async () => {
    const { id } = await createMessage(db, conversation, {
      ...pending,
      kind: 'sent_elsewhere',
      reference: 'pb-1',
      author: { name: 'Night bot' },
      recipients: [{ handle: 'ada', name: 'Ada', role: 'to' }],
    })
    const front = otherSide(() => accepted(`uid-${id}`))
    await drainOnce(front.send)
    expect(front.seen[0]?.url).toMatch(/\/outbound_messages$/)
    expect(jsonOf(front.seen[0])).toMatchObject({ to: [{ handle: 'ada', name: 'Ada' }], sender_name: 'Night bot' })
  })

  test('is confirmed through the channel token too', async () => {
    const { id } = await createMessage(db, conversation, { ...pending, reference: 'pb-1' })
    await drainOnce(otherSide(() => accepted(`uid-${id}`)).send)
    await db.execute(sql`update confirmations set due_at = now()`)
    const shown = { id: `msg_${id}`, _links: { related: { conversation: 'https://x/conversations/cnv_app' } } }
    const front = otherSide(() => ({ status: 200, body: JSON.stringify(shown) }))
    await confirmDue(depsWith(front.send))
    expect(await claimsOf(front.seen[0])).toMatchObject({ sub: channel.frontChannelId })
    expect((await read(id)).message?.frontState).toBe('confirmed')
  })

  test('whose answer was lost is recognised by its external id and not brought twice', async () => {
    await db.execute(sql`update conversations set front_conversation_id = 'cnv_1' where id = ${conversation.id}`)
    const { id } = await createMessage(db, conversation, { ...pending, reference: 'pb-1' })
    await drainOnce(otherSide(() => timedOut).send)
    await passTime(db, 3_600_000)
    const there = { id: `msg_${id}`, metadata: { external_id: id }, _links: {} }
    const front = otherSide(() => ({ status: 200, body: JSON.stringify({ _results: [there] }) }))
    await drainOnce(front.send)
    expect(front.seen.map(({ method }) => method)).toEqual(['GET'])
    expect((await read(id)).delivery?.status).toBe('delivered')
  })
})

describe('a reply that does not reach the customer', () => {
  test('is told to Front as failed, with a plain reason, by the ids that Front was given', async () => {
    const { id } = await createMessage(db, conversation, outbound)
    const world = otherSide((request) =>
      isFronts(request) ? { status: 204 } : { status: 422, body: '{"message":"Opted out"}' },
    )
    await drainOnce(world.send)
    const told = world.seen.find(isFronts)
    expect(told?.method).toBe('PUT')
    expect(new URL(told?.url ?? '').pathname).toBe(
      `/channels/${channel.frontChannelId}/conversations/pb-1/messages/${id}/status`,
    )
    expect(jsonOf(told)).toEqual({ status: 'failed', reason: expect.stringContaining('Opted out') })
    expect(await claimsOf(told)).toMatchObject({ sub: channel.frontChannelId })
    const [report] = await listReports(db, { subjectId: id })
    expect(report).toMatchObject({ kind: 'failed', status: 'delivered', attempts: 1 })
    expect((await read(id)).delivery).toMatchObject({ status: 'failed', reportedAt: expect.any(Date) })
  })

  test('is told again, as a comment, when it arrives after all', async () => {
    await db.execute(sql`update conversations set front_conversation_id = 'cnv_7' where id = ${conversation.id}`)
    const { id } = await createMessage(db, conversation, outbound)
    await drainOnce(otherSide((request) => (isFronts(request) ? { status: 204 } : { status: 422 })).send)
    await retryDelivery(db, { deliveryId: id, requestedBy: actor, now: new Date() })
    const world = otherSide((request) => (isFronts(request) ? { status: 201, body: '{}' } : { status: 200 }))
    await drainOnce(world.send)
    const comment = world.seen.find(isFronts)
    expect(comment?.url).toBe('https://front.example/conversations/cnv_7/comments')
    expect(jsonOf(comment).body).toMatch(/reached the customer after all/)
    expect((await read(id)).delivery).toMatchObject({ status: 'delivered', reportedAt: null })
  })

  test('becomes an internal comment where the channel is a custom one', async () => {
    const { id: companyId } = await createCompany(db, { apiTokenSealed: seal('front-token', keys) })
    const custom = await openChannel(createChannel(db, { companyId }))
    const talk = await createConversation(db, custom.id, { frontConversationId: 'cnv_custom' })
    await createMessage(db, talk, { ...pending, direction: 'outbound', body: 'Your parcel left today' })
    const world = otherSide((request) => (isFronts(request) ? { status: 201, body: '{}' } : { status: 410 }))
    await drainOnce(world.send)
    const comment = world.seen.find(isFronts)
    expect(comment?.url).toBe('https://front.example/conversations/cnv_custom/comments')
    expect(comment?.headers.authorization).toBe('Bearer front-token')
    expect(jsonOf(comment).body).toMatch(/did not reach the customer[\s\S]*> Your parcel left today/)
  })

  test('is reported while the channel is paused, and never for a test', async () => {
    const { id } = await createMessage(db, conversation, outbound)
    const test = await createMessage(db, await createConversation(db, channel.id), { ...outbound, isTest: true })
    const provider = otherSide((request) => (isFronts(request) ? refused : { status: 422 }))
    await drainOnce(provider.send)
    await pauseChannel(db, { channelId: channel.id, reason: 'Move', actor, now: new Date() })
    await passTime(db, 3_600_000)
    const front = otherSide(() => ({ status: 204 }))
    await drainOnce(front.send)
    expect(front.seen).toHaveLength(1)
    expect(await listReports(db, { subjectId: id })).toMatchObject([{ status: 'delivered', attempts: 2 }])
    expect(await listReports(db, { subjectId: test.id })).toEqual([])
  })
})

describe('an application channel that is offline', () => {
  const offline = () =>
    setChannelStatus(db, {
      channelId: channel.id,
      status: 'offline',
      reason: 'Password changed',
      by: actor,
      now: new Date(),
    })
  const online = () =>
    setChannelStatus(db, { channelId: channel.id, status: 'ok', reason: null, by: actor, now: new Date() })

  test('tells Front, keeps replies, still brings customers’ messages, and sends all in order when it is back', async () => {
    expect(await offline()).toBe(true)
    expect(await offline()).toBe(false)
    const kept = [await createMessage(db, conversation, outbound), await createMessage(db, conversation, outbound)]
    const { id } = await createMessage(db, conversation, { ...pending, reference: 'pb-1' })
    const world = otherSide((request) => (request.method === 'POST' ? accepted(`uid-${id}`) : { status: 204 }))
    await drainOnce(world.send)
    const paths = world.seen.map(({ method, url }) => `${method} ${new URL(url).pathname}`).sort()
    const path = `/channels/${channel.frontChannelId}`
    expect(paths).toEqual([`PATCH ${path}`, `POST ${path}/inbound_messages`])
    expect(jsonOf(world.seen.find(({ method }) => method === 'PATCH'))).toEqual({ status: 'offline' })

    expect(await online()).toBe(true)
    const back = otherSide((request) => (isFronts(request) ? { status: 204 } : { status: 200 }))
    await drainOnce(back.send)
    expect(jsonOf(back.seen.find(isFronts))).toEqual({ status: 'ok' })
    const sent = back.seen.filter((request) => !isFronts(request)).map((request) => jsonOf(request).id)
    expect(sent).toEqual(kept.map((message) => message.id))
  })

  test('stays held on the provider’s side when a pause ends', async () => {
    await offline()
    await pauseChannel(db, { channelId: channel.id, reason: 'Move', actor, now: new Date() })
    await resumeChannel(db, { channelId: channel.id, actor, now: new Date() })
    const sides = await listTargets(db, [channel.id])
    expect(sides.map(({ direction, heldReason }) => [direction, heldReason])).toEqual([
      ['inbound', null],
      ['outbound', 'Offline: Password changed'],
      ['report', null],
    ])
  })

  test('is set so by the rule after the provider refused our credentials three times, once', async () => {
    const world = otherSide((request) => (isFronts(request) ? { status: 204 } : { status: 401, body: 'no such key' }))
    await createMessage(db, conversation, outbound)
    for (let n = 0; n < 2; n += 1) {
      await drainOnce(world.send)
      await passTime(db, 86_400_000)
    }
    expect((await getChannel(db, channel.id))?.offlineSince).toBeNull()
    await drainOnce(world.send)
    expect(await getChannel(db, channel.id)).toMatchObject({ offlineBy: 'rule', offlineSince: expect.any(Date) })
    expect((await getChannel(db, channel.id))?.offlineReason).toContain('3 times in a row')
    await drainOnce(world.send)
    await drainOnce(world.send)
    expect(world.seen.filter(isFronts).map(jsonOf)).toEqual([{ status: 'offline' }])
  })

  test('is not set so by other failures, nor where the rule is switched off', async () => {
    await db.execute(sql`update channels set offline_after_failures = null where id = ${channel.id}`)
    await createMessage(db, conversation, outbound)
    const world = otherSide(() => ({ status: 401 }))
    for (let n = 0; n < 4; n += 1) {
      await drainOnce(world.send)
      await passTime(db, 86_400_000)
    }
    expect((await getChannel(db, channel.id))?.offlineSince).toBeNull()
  })

  test('cannot be a custom channel, nor one that Front has not connected or has removed', async () => {
    const change = { status: 'offline' as const, reason: 'x', by: actor, now: new Date() }
    const custom = await createChannel(db)
    const waiting = await createApplicationChannel(db, app, { connectedAt: null })
    const gone = await createApplicationChannel(db, app, { disconnectedAt: new Date() })
    for (const { id } of [custom, waiting, gone]) {
      await expect(setChannelStatus(db, { channelId: id, ...change })).rejects.toMatchObject({ code: 'conflict' })
    }
  })
})

describe('a report', () => {
  async function enqueue(kind: Parameters<typeof enqueueReport>[1]['kind'], payload: unknown) {
    return db.transaction(async (tx) => {
      const conversationId = await reportLane(tx, { channelId: channel.id, kind: 'channel', key: 'templates' })
      return enqueueReport(tx, {
        channelId: channel.id,
        conversationId,
        kind,
        subjectId: channel.id,
        payload,
        createdBy: actor,
      })
    })
  }
  const template = {
    external_id: 't-1',
    name: 'Welcome',
    blurb: 'Hi',
    is_disabled: false,
    status_name: 'APPROVED',
    variable_mappings: [],
    template_preview: '<p>Hi</p>',
  }

  test('about a template keeps the id that Front gave it', async () => {
    const id = await enqueue('template_put', { template })
    const front = otherSide(() => ({ status: 200, body: '{"template_id":"4711"}' }))
    await drainOnce(front.send)
    expect(front.seen[0]?.method).toBe('PUT')
    const found = (await listReports(db, { subjectId: channel.id })).find((report) => report.id === id)
    expect(found).toMatchObject({ status: 'delivered', result: { template_id: '4711' }, createdBy: actor })
  })

  test('that Front refuses for good does not hold back the next one', async () => {
    await db.execute(sql`update channels set failed_head = 'hold' where id = ${channel.id}`)
    const first = await enqueue('template_put', { template })
    const second = await enqueue('template_patch', { externalId: 't-1', change: { is_disabled: true } })
    await drainOnce(otherSide(({ method }) => ({ status: method === 'PUT' ? 400 : 200, body: '{}' })).send)
    expect((await read(first)).delivery?.status).toBe('failed')
    expect((await read(second)).delivery?.status).toBe('delivered')
  })

  test('of a phone call carries its recording as a file', async () => {
    const fileId = newId()
    const bytes = Buffer.from('RIFF')
    await db
      .insert(files)
      .values({ id: fileId, messageId: newId(), filename: 'a.wav', contentType: 'audio/wav', size: 4, bytes })
    await enqueue('call_recording', { externalId: 'call-1', fileId, recordingType: 'call' })
    const front = otherSide(() => ({ status: 202, body: '{}' }))
    await drainOnce(front.send)
    const [request] = front.seen
    const form = request?.body instanceof FormData ? request.body : new FormData()
    expect(request?.url).toMatch(/\/calls\/call-1\/recording$/)
    expect([form.get('recording_type'), form.get('attachments') instanceof File]).toEqual(['call', true])
  })

  test('with a payload that nobody can read ends at once and says so', async () => {
    const id = await enqueue('template_put', { nonsense: true })
    const front = otherSide(() => ({ status: 200 }))
    await drainOnce(front.send)
    expect(front.seen).toEqual([])
    expect((await read(id)).delivery).toMatchObject({ status: 'failed', lastErrorClass: 'nothing_to_tell' })
  })

  test('is no message in the counters', async () => {
    await enqueue('status', { status: 'ok' })
    await drainOnce(otherSide(() => ({ status: 204 })).send)
    const counted = await db.select().from(hourlyStats).where(eq(hourlyStats.channelId, channel.id))
    expect(counted).toEqual([])
  })
})
