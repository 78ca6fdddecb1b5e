import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { enqueueReport, listReports, reportLane } from '#db/queries/reports'
import { confirmations } from '#db/schema/confirmations'
import { files } from '#db/schema/files'
import { hourlyStats } from '#db/schema/hourly-stats'
import { pauseChannel } from '#lib/flows/pause-channel'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { type SealingKeys, seal } from '#lib/secrets'
import { type App, createApp, createApplicationChannel } from '#tests/support/applications'
import { claimsOf, delivering, isFronts, jsonOf } from '#tests/support/delivering'
import { passTime } from '#tests/support/engine'
import {
  type Channel,
  type Conversation,
  createChannel,
  createCompany,
  createConversation,
  createMessage,
} from '#tests/support/factories'
import { otherSide, refused } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const keys: SealingKeys = [Buffer.alloc(32, 7)]
const { drainOnce, read, withSigningSecret } = delivering(db, keys)
const actor = 'mina@example.com'
let app: App
let channel: Channel
let conversation: Conversation

beforeEach(async () => {
  await db.execute(sql`update lanes set due_at = null`)
  await db.delete(confirmations)
  app = await createApp(db, { keys })
  channel = await withSigningSecret(createApplicationChannel(db, app))
  conversation = await createConversation(db, channel.id, { reference: 'pb-1', contactHandle: 'ada' })
})

const pending = { delivery: { status: 'pending' as const } }
const outbound = { ...pending, direction: 'outbound' as const, reference: 'pb-1' }

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

  test('is no longer told by hand once the reply has arrived', async () => {
    const { id } = await createMessage(db, conversation, outbound)
    await drainOnce(otherSide((request) => ({ status: isFronts(request) ? 400 : 422 })).send)
    const [report] = await listReports(db, { subjectId: id })
    expect(report).toMatchObject({ kind: 'failed', status: 'failed' })
    await db.execute(sql`update deliveries set status = 'delivered' where id = ${id}`)
    const again = retryDelivery(db, { deliveryId: report?.id ?? '', requestedBy: actor, now: new Date() })
    await expect(again).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/arrived meanwhile/) })
  })

  test('becomes an internal comment where the channel is a custom one', async () => {
    const { id: companyId } = await createCompany(db, { apiTokenSealed: seal('front-token', keys) })
    const custom = await withSigningSecret(createChannel(db, { companyId }))
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
