import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstIdAt, newId } from '#db/ids'
import { countNeedsAttention } from '#db/queries/attention'
import {
  getConversation,
  listConversationAliases,
  listConversationMessages,
  listFrontConversations,
  listWaitingLanes,
} from '#db/queries/conversation-page'
import { insertFiles } from '#db/queries/files'
import { getMessageDetails, getQueuePlace, listAttempts } from '#db/queries/message-details'
import { countFailures, countUnconfirmed, listTroubledTargets, sumHourlyStats } from '#db/queries/overview'
import { enqueueReport } from '#db/queries/reports'
import { countRefusals, getRequest, listRequests } from '#db/queries/request-log'
import { conversationAliases, frontConversations } from '#db/schema/conversations'
import { hourlyStats } from '#db/schema/hourly-stats'
import { openAttachment } from '#lib/flows/open-attachment'
import type { OpenUrl } from '#lib/front/download'
import { seal, sealingKeys } from '#lib/secrets'
import { createApp } from '#tests/support/applications'
import {
  createAttempt,
  createChannel,
  createCompany,
  createConversation,
  createMessage,
  createRequest,
  setTarget,
} from '#tests/support/factories'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

let database: TestDatabase
const db = () => database.db
const now = new Date()
const later = new Date(now.getTime() + 3_600_000)
const dayAgo = new Date(now.getTime() - 86_400_000)

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

describe('overview', () => {
  test('groups what failed by channel, direction and cause, and says what blocks a conversation', async () => {
    const channel = await createChannel(db(), { name: 'SMS' })
    const chat = await createConversation(db(), channel.id)
    const failed = { status: 'failed', lastErrorClass: 'dns' } as const
    await createMessage(db(), chat, { delivery: failed })
    await createMessage(db(), chat, { delivery: failed, queued: true })
    await createMessage(db(), chat, { direction: 'outbound', delivery: { status: 'failed', lastErrorClass: 'tls' } })
    await createMessage(db(), chat, { delivery: { status: 'discarded', lastErrorClass: 'dns' } })
    const groups = (await countFailures(db())).filter((group) => group.channelId === channel.id)
    expect(groups).toMatchObject([
      { direction: 'inbound', errorClass: 'dns', count: 2, blocking: 1, channelName: 'SMS' },
      { direction: 'outbound', errorClass: 'tls', count: 1, blocking: 0 },
    ])
  })

  test('counts what Front never showed until somebody settles it', async () => {
    const chat = await createConversation(db(), (await createChannel(db())).id)
    const [unconfirmed, attention] = [(await countUnconfirmed(db())).count, await countNeedsAttention(db())]
    const missing = await createMessage(db(), chat, { frontState: 'missing' })
    await createMessage(db(), chat, { frontState: 'missing', delivery: { status: 'discarded' } })
    await createMessage(db(), chat, { frontState: 'accepted' })
    expect(await countUnconfirmed(db())).toEqual({ count: unconfirmed + 1, newestId: missing.id })
    expect(await countNeedsAttention(db())).toBe(attention + 1)
  })

  test('lists sides that are held, fail again and again or were asked to wait, and no others', async () => {
    const held = await createChannel(db())
    await setTarget(db(), held.id, 'inbound', { heldSince: now, heldReason: 'moving' })
    const failing = await createChannel(db())
    await setTarget(db(), failing.id, 'outbound', { failuresInARow: 3 })
    const waiting = await createChannel(db())
    await setTarget(db(), waiting.id, 'outbound', { holdUntil: later })
    const fine = await createChannel(db())
    await setTarget(db(), fine.id, 'outbound', { failuresInARow: 2, holdUntil: dayAgo })
    const archived = await createChannel(db(), { archivedAt: now, target: { heldSince: now } })
    const mine = [held, failing, waiting, fine, archived].map((channel) => channel.id)
    const listed = (await listTroubledTargets(db(), now)).filter((target) => mine.includes(target.channelId))
    expect(new Map(listed.map((target) => [target.channelId, target.direction]))).toEqual(
      new Map([
        [held.id, 'inbound'],
        [failing.id, 'outbound'],
        [waiting.id, 'outbound'],
      ]),
    )
  })

  test('adds the counters of all channels by hour', async () => {
    const hour = new Date('2031-01-01T10:00:00Z')
    for (const channelId of [newId(), newId()]) {
      await db().insert(hourlyStats).values({ channelId, direction: 'inbound', hour, delivered: 3, failed: 1 })
    }
    expect(await sumHourlyStats(db(), hour)).toEqual([{ hour, direction: 'inbound', delivered: 6, failed: 2 }])
  })
})

describe('conversation', () => {
  test('reads both directions oldest first, page by page towards the beginning', async () => {
    const chat = await createConversation(db(), (await createChannel(db())).id)
    const ids: string[] = []
    for (let n = 0; n < 5; n += 1) {
      ids.push((await createMessage(db(), chat, { direction: n % 2 ? 'outbound' : 'inbound' })).id)
    }
    const page = (before?: string) => listConversationMessages(db(), { conversationId: chat.id, before, limit: 2 })
    const newest = await page()
    expect(newest).toMatchObject({ rows: [{ id: ids[3] }, { id: ids[4] }], hasEarlier: true })
    expect(await page(ids[3])).toMatchObject({ rows: [{ id: ids[1] }, { id: ids[2] }], hasEarlier: true })
    expect(await page(ids[1])).toMatchObject({ rows: [{ id: ids[0] }], hasEarlier: false })
  })

  test('tells which message blocks which direction', async () => {
    const chat = await createConversation(db(), (await createChannel(db())).id)
    const blocked = await createMessage(db(), chat, { delivery: { status: 'failed' }, queued: true })
    await createMessage(db(), chat, { delivery: { status: 'pending' } })
    const reply = await createMessage(db(), chat, {
      direction: 'outbound',
      delivery: { status: 'retrying', nextAttemptAt: later },
    })
    expect(await listWaitingLanes(db(), chat.id)).toMatchObject([
      { direction: 'inbound', waiting: 2, dueAt: null, headDeliveryId: blocked.id, headStatus: 'failed' },
      { direction: 'outbound', waiting: 1, dueAt: later, headDeliveryId: reply.id, headStatus: 'retrying' },
    ])
  })

  test('knows every Front conversation that was merged into it', async () => {
    const channel = await createChannel(db())
    const chat = await createConversation(db(), channel.id, { frontConversationId: 'cnv_new' })
    await db()
      .insert(frontConversations)
      .values({ channelId: channel.id, frontConversationId: 'cnv_old', conversationId: chat.id, createdAt: dayAgo })
    expect((await listFrontConversations(db(), chat.id)).map((front) => front.id)).toEqual(['cnv_new', 'cnv_old'])
    expect(await getConversation(db(), chat.id)).toMatchObject({ channelName: channel.name, isSandbox: false })
    expect(await getConversation(db(), newId())).toBeNull()
  })
})

describe('conversation of an application channel', () => {
  test('shows every reference by which Front has named it, and no lane of reports', async () => {
    const channel = await createChannel(db())
    const chat = await createConversation(db(), channel.id, { reference: 'pb-1' })
    await db()
      .insert(conversationAliases)
      .values([
        { channelId: channel.id, reference: 'pb-0', conversationId: chat.id, createdAt: dayAgo },
        { channelId: channel.id, reference: 'pb-1', conversationId: chat.id, createdAt: now },
      ])
    await db().transaction((tx) =>
      enqueueReport(tx, {
        channelId: channel.id,
        conversationId: chat.id,
        kind: 'comment',
        subjectId: newId(),
        payload: { body: 'It arrived.' },
        createdBy: null,
      }),
    )
    expect((await listConversationAliases(db(), chat.id)).map((alias) => alias.reference)).toEqual(['pb-1', 'pb-0'])
    expect(await listWaitingLanes(db(), chat.id)).toEqual([])
  })

  test('is no page of its own for a phone call', async () => {
    const channel = await createChannel(db())
    const call = await createConversation(db(), channel.id, { kind: 'call' })
    expect(await getConversation(db(), call.id)).toBeNull()
  })
})

describe('message', () => {
  test('comes with its surroundings, its tries newest first and its place, and without secrets', async () => {
    const company = await createCompany(db(), {
      apiTokenSealed: 'v1.sealed-token',
      apiSecretSealed: 'v1.sealed-secret',
    })
    const channel = await createChannel(db(), { companyId: company.id, providerHeadersSealed: 'v1.sealed-headers' })
    const chat = await createConversation(db(), channel.id)
    const first = await createMessage(db(), chat, { delivery: { status: 'retrying', nextAttemptAt: later } })
    const second = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    await createAttempt(db(), first.id, { n: 1 })
    await createAttempt(db(), first.id, { n: 2 })
    const details = await getMessageDetails(db(), first.id)
    expect(details).toMatchObject({
      message: { id: first.id },
      delivery: { status: 'retrying' },
      channel: { id: channel.id },
    })
    expect(JSON.stringify(details)).not.toContain('sealed')
    expect((await listAttempts(db(), first.id)).map((attempt) => attempt.n)).toEqual([2, 1])
    expect(await getQueuePlace(db(), first.id)).toMatchObject({ ahead: 0, leased: false, dueAt: later })
    expect(await getQueuePlace(db(), second.id)).toMatchObject({ ahead: 1, headDeliveryId: first.id })
    expect(await getQueuePlace(db(), newId())).toBeNull()
    expect(await getMessageDetails(db(), newId())).toBeNull()
  })
})

describe('files of a message', () => {
  const keys = sealingKeys(Buffer.alloc(32, 7).toString('base64'), '')
  const neverOpens: OpenUrl = () => Promise.reject(new Error('Nothing should be fetched.'))

  test('come from our own store when the provider sent them', async () => {
    const chat = await createConversation(db(), (await createChannel(db())).id)
    const file = { id: newId(), filename: 'a.txt', contentType: 'text/plain', size: 5 }
    const message = await createMessage(db(), chat, { attachments: [{ ...file, fileId: file.id }] })
    await insertFiles(db(), [{ ...file, messageId: message.id, bytes: Buffer.from('hello') }])
    const opened = await openAttachment(
      { db: db(), keys, open: neverOpens, now: () => new Date() },
      { messageId: message.id, index: 0 },
    )
    expect(opened).toMatchObject({ filename: 'a.txt', size: 5 })
    expect(await new Response(opened.body).text()).toBe('hello')
  })

  test('come from Front, with its token, when a teammate sent them', async () => {
    const company = await createCompany(db(), { apiTokenSealed: seal('tok-1', keys) })
    const chat = await createConversation(db(), (await createChannel(db(), { companyId: company.id })).id)
    const attachments = [{ frontId: 'fil_9', filename: 'b.pdf', contentType: 'application/pdf', size: 3 }]
    const message = await createMessage(db(), chat, { direction: 'outbound', frontMessageId: 'msg_9', attachments })
    const asked: Parameters<OpenUrl>[0][] = []
    const open: OpenUrl = async (request) => {
      asked.push(request)
      return {
        status: 200,
        headers: { 'content-type': 'application/pdf', 'content-length': '3' },
        body: new Blob(['pdf']).stream(),
      }
    }
    const opened = await openAttachment(
      { db: db(), keys, open, now: () => new Date() },
      { messageId: message.id, index: 0 },
    )
    expect(await new Response(opened.body).text()).toBe('pdf')
    expect(asked).toMatchObject([
      { url: expect.stringMatching(/^https:\/\/front\.example\/.*fil_9/), headers: { authorization: 'Bearer tok-1' } },
    ])
  })

  test('that are not there are refused', async () => {
    const message = await createMessage(db(), await createConversation(db(), (await createChannel(db())).id))
    const open = (index: number, messageId = message.id) =>
      openAttachment({ db: db(), keys, open: neverOpens, now: () => new Date() }, { messageId, index })
    await expect(open(0)).rejects.toMatchObject({ code: 'not_found' })
    await expect(open(0, newId())).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('requests', () => {
  test('are listed by channel, reason and time, page by page', async () => {
    const channel = await createChannel(db())
    const ids: string[] = []
    for (let n = 0; n < 5; n += 1) ids.unshift((await createRequest(db(), channel.id)).id)
    const other = await createRequest(db(), channel.id, { code: 'duplicate', status: 202 })
    const old = firstIdAt(new Date(now.getTime() - 40 * 86_400_000)).slice(0, 19) + newId().slice(19)
    await createRequest(db(), channel.id, { id: old })
    const list = (more: object, limit = 3) =>
      listRequests(db(), { channelId: channel.id, from: dayAgo, to: null, ...more }, limit)
    const shown = async (more: object) => (await list(more)).rows.map((row) => row.id)
    expect(await shown({ code: 'duplicate' })).toEqual([other.id])
    const first = await list({ code: 'invalid_input' })
    expect(first).toMatchObject({ hasOlder: true, hasNewer: false })
    expect(first.rows.map((row) => row.id)).toEqual(ids.slice(0, 3))
    expect(await shown({ code: 'invalid_input', before: ids[2] })).toEqual(ids.slice(3))
    expect(await shown({ code: 'invalid_input', after: ids[3] })).toEqual(ids.slice(0, 3))
    expect(await shown({ from: new Date(0), to: dayAgo })).toEqual([old])
    expect(await getRequest(db(), other.id)).toMatchObject({
      channelName: channel.name,
      request: { code: 'duplicate' },
    })
    const refusals = (await countRefusals(db(), dayAgo)).filter((group) => group.channelId === channel.id)
    expect(refusals).toMatchObject([{ code: 'invalid_input', count: 5, newestId: ids[0] }])
  })

  test('of an app stand beside those of its channels, and are found by the app', async () => {
    const app = await createApp(db(), {
      keys: sealingKeys(Buffer.alloc(32, 7).toString('base64'), ''),
      name: 'Chat app',
    })
    const refused = await createRequest(db(), null, { appId: app.id, direction: 'outbound', code: 'bad_signature' })
    const found = await listRequests(db(), { appId: app.id, from: dayAgo, to: null }, 10)
    expect(found.rows).toMatchObject([{ id: refused.id, channelId: null, channelName: null, appName: 'Chat app' }])
  })
})
