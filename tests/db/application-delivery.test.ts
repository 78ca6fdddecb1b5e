import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { getChannel } from '#db/queries/channels'
import { listTargets } from '#db/queries/targets'
import { confirmations } from '#db/schema/confirmations'
import { confirmDue } from '#lib/delivery/confirm'
import { pauseChannel } from '#lib/flows/pause-channel'
import { resumeChannel } from '#lib/flows/resume-channel'
import { setChannelStatus } from '#lib/flows/set-channel-status'
import type { SealingKeys } from '#lib/secrets'
import { type App, createApp, createApplicationChannel } from '#tests/support/applications'
import { claimsOf, delivering, isFronts, jsonOf } from '#tests/support/delivering'
import { passTime } from '#tests/support/engine'
import {
  type Channel,
  type Conversation,
  createChannel,
  createConversation,
  createMessage,
} from '#tests/support/factories'
import { otherSide, timedOut } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const keys: SealingKeys = [Buffer.alloc(32, 7)]
const { depsWith, drainOnce, read, withSigningSecret } = delivering(db, keys)
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
const accepted = (uid: string) => ({ status: 202, body: JSON.stringify({ status: 'accepted', message_uid: uid }) })

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
