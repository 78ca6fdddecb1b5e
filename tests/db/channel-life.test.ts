import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { getActiveKeys, listChannelKeys } from '#db/queries/channel-keys'
import { type Channel, getChannel, getChannelByKey } from '#db/queries/channels'
import { settleDeliveries } from '#db/queries/settle'
import { listTargets, listWaiting } from '#db/queries/targets'
import { auditEvents } from '#db/schema/audit-events'
import { companies } from '#db/schema/companies'
import { targets } from '#db/schema/targets'
import { unsealHeaders } from '#lib/channels/provider-headers'
import { archiveChannel } from '#lib/flows/archive-channel'
import { connectChannel } from '#lib/flows/connect-channel'
import { pauseChannel } from '#lib/flows/pause-channel'
import { resumeChannel } from '#lib/flows/resume-channel'
import { rotateChannelAddress } from '#lib/flows/rotate-channel-address'
import { endOldKey, rotateKey } from '#lib/flows/rotate-key'
import { setFrontWebhookUrl } from '#lib/flows/set-front-webhook-url'
import { updateChannel, updateThreading } from '#lib/flows/update-channel'
import { sealingKeys } from '#lib/secrets'
import { claim, enqueue, settlement } from '#tests/support/engine'
import { createConversation } from '#tests/support/factories'
import { scriptedFront } from '#tests/support/front'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

const keys = sealingKeys(Buffer.alloc(32, 1).toString('base64'), '')
const now = new Date('2026-11-20T12:00:00Z')
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
const actor = 'ada@example.com'

let database: TestDatabase
let channel: Channel
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  const companyId = newId()
  await database.db.insert(companies).values({ id: companyId, name: 'Acme', frontBaseUrl: 'https://front.example' })
  const basics = { companyId, name: 'Web chat', threading: { type: 'sender' as const } }
  const opened = await connectChannel(database.db, {
    basics,
    frontChannelId: 'cha_1',
    front: null,
    actor,
    keys,
    now,
  })
  channel = opened.channel
})

const input = () => ({ channelId: channel.id, actor, now })
const aliveKeys = (at: Date) => getActiveKeys(database.db, { channelId: channel.id, purpose: 'incoming', now: at })

test('a paused channel keeps what comes and sends it in order after it is resumed', async () => {
  const { db } = database
  await db.update(targets).set({ rateEvery: null }).where(eq(targets.channelId, channel.id))
  await pauseChannel(db, { ...input(), reason: 'Provider moves house' })
  const { id: conversationId } = await createConversation(db, channel.id)
  const ids: string[] = []
  for (let n = 0; n < 3; n += 1) ids.push(await enqueue(db, { channelId: channel.id, conversationId }))

  expect(await claim(db)).toEqual([])
  const [waiting] = await listWaiting(db, [channel.id])
  expect(waiting).toMatchObject({ direction: 'inbound', count: 3, blocked: 0, oldestAt: expect.any(Date) })
  const paused = await listTargets(db, [channel.id])
  const why = `Paused by ${actor}: Provider moves house`
  // What Front is to be told is not held: a failure is reported also while the channel is paused.
  expect(paused.map((side) => side.heldReason)).toEqual([why, why, null])

  await resumeChannel(db, input())
  const sent: string[] = []
  for (let n = 0; n < 3; n += 1) {
    const claims = await claim(db)
    sent.push(...claims.map((each) => each.deliveryId))
    await settleDeliveries(
      db,
      claims.map((each) => settlement(each, 'delivered')),
    )
  }
  expect(sent).toEqual(ids)
  expect(await listWaiting(db, [channel.id])).toEqual([])
})

test('resuming wakes the workers', async () => {
  await pauseChannel(database.db, { ...input(), reason: 'Test' })
  let woken = 0
  const listening = await database.sql.listen('patchbay_delivery', () => {
    woken += 1
  })
  await resumeChannel(database.db, input())
  await expect.poll(() => woken).toBe(1)
  await listening.unlisten()
})

test('a channel is paused once and resumed once', async () => {
  await expect(resumeChannel(database.db, input())).rejects.toMatchObject({ code: 'conflict' })
  await pauseChannel(database.db, { ...input(), reason: 'First' })
  const second = pauseChannel(database.db, { ...input(), reason: 'Second' })
  await expect(second).rejects.toMatchObject({ code: 'conflict', message: `${actor} paused it already.` })
  expect(await getChannel(database.db, channel.id)).toMatchObject({ pausedReason: 'First', pausedBy: actor })
})

const overlaps = { now: [1, 1, 1], day: [2, 1, 1], week: [2, 2, 1] } as const
for (const [overlap, alive] of Object.entries(overlaps)) {
  test(`after a rotation with overlap “${overlap}” the old key works just that long`, async () => {
    const rotation = { ...input(), purpose: 'incoming' as const, keys }
    await rotateKey(database.db, {
      ...rotation,
      overlap: overlap === 'now' ? 'now' : overlap === 'day' ? 'day' : 'week',
    })
    const counts = await Promise.all([later(23), later(25), later(169)].map(async (at) => (await aliveKeys(at)).length))
    expect(counts).toEqual(alive)
  })
}

test('a later rotation never lengthens the life of an older key', async () => {
  const rotation = { ...input(), purpose: 'incoming' as const, keys }
  await rotateKey(database.db, { ...rotation, overlap: 'day' })
  await rotateKey(database.db, { ...rotation, overlap: 'week' })
  expect(await aliveKeys(now)).toHaveLength(3)
  expect(await aliveKeys(later(25))).toHaveLength(2)
})

test('an old key can be ended early, the one in use cannot', async () => {
  const [first] = await aliveKeys(now)
  if (!first) throw new Error('no key')
  const end = (keyId: string) => endOldKey(database.db, { ...input(), keyId })
  await expect(end(first.id)).rejects.toMatchObject({ code: 'conflict' })
  await rotateKey(database.db, { ...input(), purpose: 'incoming', keys, overlap: 'week' })
  await end(first.id)
  expect((await aliveKeys(now)).map((key) => key.id)).not.toContain(first.id)
  await expect(end(first.id)).rejects.toMatchObject({ code: 'not_found' })
})

test('what pages see of keys holds neither hash nor secret', async () => {
  const listed = await listChannelKeys(database.db, { channelId: channel.id, now })
  expect(listed).toHaveLength(2)
  const columns = ['createdAt', 'createdBy', 'expiresAt', 'hint', 'id', 'purpose']
  for (const key of listed) expect(Object.keys(key).sort()).toEqual(columns)
})

test('new addresses end the old ones at once, and Front can be told the new one', async () => {
  const { channelKey } = await rotateChannelAddress(database.db, input())
  expect(await getChannelByKey(database.db, channel.key)).toBeNull()
  const moved = await getChannelByKey(database.db, channelKey)
  if (!moved) throw new Error('the new address does not work')
  const front = scriptedFront({ 'PATCH /channels/cha_1': { status: 204 } })
  await setFrontWebhookUrl(database.db, {
    channel: moved,
    front: front.client,
    publicUrl: 'https://relay.example',
    actor,
  })
  expect(front.bodies()).toEqual([
    { settings: { webhook_url: `https://relay.example/api/front/custom/${channelKey}/outgoing` } },
  ])
})

const settings = {
  name: 'Phone log',
  contactType: 'phone',
  defaultCountry: 'AT',
  receiveOnly: false,
  providerUrl: 'https://provider.example/in',
  providerFormat: 'front_message',
  retryDelaysS: [5, 60],
  lostAnswer: 'stop',
  failedHead: 'hold',
  maxBodyBytes: 1_000_000,
  requestsPerMinute: 60,
  offlineAfterFailures: 5,
  heldPerMinute: 20,
  retentionDays: 30,
} as const
const update = (change: Partial<Parameters<typeof updateChannel>[1]> = {}) =>
  updateChannel(database.db, {
    ...input(),
    settings: { ...settings, retryDelaysS: [...settings.retryDelaysS] },
    headers: [],
    checkProviderUrl: async () => {},
    keys,
    ...change,
  })

test('settings are stored, headers sealed, and the audit event names fields but no values', async () => {
  await update({ headers: [{ name: 'Authorization', value: 'Bearer hush' }] })
  const stored = await getChannel(database.db, channel.id)
  expect(stored).toMatchObject(settings)
  expect(stored?.providerHeadersSealed).not.toContain('hush')
  await update({
    headers: [
      { name: 'Authorization', value: '' },
      { name: 'X-Team', value: 'blue' },
    ],
  })
  const again = await getChannel(database.db, channel.id)
  expect(unsealHeaders(again?.providerHeadersSealed ?? null, keys)).toEqual({
    Authorization: 'Bearer hush',
    'X-Team': 'blue',
  })
  const events = await database.db.select().from(auditEvents).where(eq(auditEvents.channelId, channel.id)).limit(10)
  expect(JSON.stringify(events)).not.toContain('hush')
  expect(events.filter((event) => event.action === 'channel.update')).toHaveLength(2)
})

test('saving without a change writes no audit event', async () => {
  await update()
  await update()
  const events = await database.db.select().from(auditEvents).where(eq(auditEvents.channelId, channel.id)).limit(10)
  expect(events.filter((event) => event.action === 'channel.update')).toHaveLength(1)
})

test('an address that must not be called, or a bad header, changes nothing', async () => {
  const checkProviderUrl = async () => {
    throw new Error('private address')
  }
  await expect(update({ checkProviderUrl })).rejects.toThrow('private address')
  await expect(update({ headers: [{ name: 'Host', value: 'x' }] })).rejects.toMatchObject({
    details: [{ path: 'headers', message: 'Host is set by Patchbay itself.' }],
  })
  expect(await getChannel(database.db, channel.id)).toMatchObject({ name: 'Web chat', providerUrl: null })
})

test('a new threading rule is stored with the one before it in the audit event', async () => {
  await updateThreading(database.db, { ...input(), threading: { type: 'single' } })
  expect(await getChannel(database.db, channel.id)).toMatchObject({ threading: { type: 'single' } })
  const events = await database.db.select().from(auditEvents).where(eq(auditEvents.channelId, channel.id)).limit(10)
  expect(events).toContainEqual(
    expect.objectContaining({ details: { before: { type: 'sender' }, after: { type: 'single' } } }),
  )
})

test('archiving asks for the name, closes addresses and keys, holds what waits, and keeps the row', async () => {
  const archive = (typedName: string) => archiveChannel(database.db, { ...input(), typedName })
  await expect(archive('web chat')).rejects.toMatchObject({ code: 'invalid_input' })
  await archive('Web chat')
  expect(await getChannelByKey(database.db, channel.key)).toBeNull()
  expect(await aliveKeys(now)).toEqual([])
  expect(await getChannel(database.db, channel.id)).toMatchObject({ name: 'Web chat', archivedAt: now })
  const { id: conversationId } = await createConversation(database.db, channel.id)
  await enqueue(database.db, { channelId: channel.id, conversationId })
  expect((await claim(database.db)).filter((each) => each.channelId === channel.id)).toEqual([])
  await expect(archive('Web chat')).rejects.toMatchObject({ code: 'channel_disabled' })
})
