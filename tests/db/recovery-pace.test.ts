import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { noteCallsLeft } from '#db/queries/confirmations'
import { auditEvents } from '#db/schema/audit-events'
import { channels } from '#db/schema/channels'
import { cancelRecovery, pauseRecovery, resumeRecovery } from '#lib/flows/change-recovery'
import { feedRecoveries } from '#lib/flows/feed-recoveries'
import { upkeep } from '#lib/flows/upkeep'
import { claim, enqueue } from '#tests/support/engine'
import { createChannel, createCompany, createConversation, setTarget } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'
import { actor, carryAll, failMany, recovering } from '#tests/support/recovering'

const database = await testDatabase()
const { db } = database
const { start, step, read, states, notes, lookUp } = recovering(db)
afterAll(database.close)

beforeEach(async () => {
  await db.execute(sql`truncate recoveries, recovery_items, recovery_targets, lanes, lane_queue, confirmations`)
  await db.execute(sql`update deliveries set status = 'delivered'`)
})

const DAY_MS = 86_400_000

type Direction = 'inbound' | 'outbound'

async function begin(filters: Record<string, string> = {}, more: Parameters<typeof start>[1] = {}): Promise<string> {
  const id = await start(filters, more)
  await lookUp(id)
  return id
}

async function freshMessage(channelId: string, direction: Direction = 'outbound'): Promise<string> {
  const { id } = await createConversation(db, channelId)
  return enqueue(db, { channelId, conversationId: id, direction })
}

async function sendingOf(channelId: string): Promise<number> {
  const [row] = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from recovery_items where channel_id = ${channelId} and state = 'sending'`,
  )
  return row?.n ?? 0
}

describe('fresh traffic', () => {
  test('of a recovered channel and of others is claimed at once, however much is recovered', async () => {
    const [busy, quiet] = [await createChannel(db), await createChannel(db)]
    await failMany(db, busy.id, 2000)
    await begin()
    for (let n = 0; n < 5; n += 1) await step()
    const fresh = [await freshMessage(busy.id), await freshMessage(quiet.id)]
    const claimed = (await claim(db, 50)).map(({ deliveryId }) => deliveryId)
    expect(claimed).toEqual(expect.arrayContaining(fresh))
  })

  test('that waits at a target keeps recovered messages out of it', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 5)
    await begin()
    for (let n = 0; n < 20; n += 1) await freshMessage(channel.id)
    await step()
    expect(await sendingOf(channel.id)).toBe(0)
    await carryAll(db)
    await step()
    expect(await sendingOf(channel.id)).toBe(5)
  })

  test('finds no more before it than a target’s rate lets through in a second', async () => {
    const channel = await createChannel(db, { target: { rateEvery: '200 ms', rateBurst: 5 } })
    await failMany(db, channel.id, 50)
    await begin()
    for (let n = 0; n < 5; n += 1) await step()
    expect(await sendingOf(channel.id)).toBe(5)
  })

  test('finds half of the calls of its Front company left', async () => {
    const { id: companyId } = await createCompany(db)
    const [busy, quiet] = [await createChannel(db, { companyId }), await createChannel(db, { companyId })]
    await noteCallsLeft(db, { companyId, limit: 100, remaining: 100 })
    await failMany(db, busy.id, 50, { direction: 'inbound' })
    await begin()
    const calls = async () => {
      const [row] = await db.execute<{ n: number }>(
        sql`select calls_allowed(c, 0) as n from companies c where id = ${companyId}`,
      )
      return row?.n ?? 0
    }
    expect(await calls()).toBe(20)
    for (let n = 0; n < 6; n += 1) {
      await step()
      await carryAll(db)
    }
    expect(await calls()).toBeGreaterThanOrEqual(10)
    for (let n = 0; n < 5; n += 1) await freshMessage(quiet.id, 'inbound')
    expect((await claim(db)).filter(({ channelId }) => channelId === quiet.id)).toHaveLength(5)
  })

  test('keeps recovered messages back while Front has accepted ones to be looked up', async () => {
    const { id: companyId } = await createCompany(db)
    const channel = await createChannel(db, { companyId })
    await noteCallsLeft(db, { companyId, limit: 100, remaining: 100 })
    await failMany(db, channel.id, 5, { direction: 'inbound' })
    await db.execute(sql`insert into confirmations (message_id, channel_id, message_uid, accepted_at, due_at)
      select gen_random_uuid(), ${channel.id}::uuid, 'uid', now(), now() from generate_series(1, 10)`)
    await begin()
    await step()
    expect(await sendingOf(channel.id)).toBe(0)
  })
})

describe('a target that may not be called', () => {
  for (const [what, target] of [
    ['held', { heldSince: new Date(), heldReason: 'Paused' }],
    ['asked to wait', { holdUntil: new Date(Date.now() + 60_000) }],
    ['broken off', { breakerSince: new Date(), holdUntil: new Date(Date.now() + 60_000) }],
  ] as const) {
    test(`because it is ${what} gets nothing, and others go on`, async () => {
      const [still, other] = [await createChannel(db), await createChannel(db)]
      await failMany(db, still.id, 30)
      await failMany(db, other.id, 30)
      await setTarget(db, still.id, 'outbound', target)
      const id = await begin()
      for (let n = 0; n < 4; n += 1) {
        await step()
        await carryAll(db)
      }
      expect(await read(id)).toMatchObject({ delivered: 30, waiting: 30, status: 'running' })
    })
  }

  test('takes no place from others with what was fed before it was held', async () => {
    const [still, other] = [await createChannel(db), await createChannel(db)]
    await failMany(db, still.id, 40)
    await begin({ channel: still.id })
    await step()
    expect(await sendingOf(still.id)).toBe(20)
    await setTarget(db, still.id, 'outbound', { heldSince: new Date() })
    await failMany(db, other.id, 40)
    await begin({ channel: other.id })
    await step()
    expect(await sendingOf(other.id)).toBe(20)
  })

  test('gets one as a probe when its wait is over and nothing else waits for it', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 5)
    await setTarget(db, channel.id, 'outbound', { breakerSince: new Date(), holdUntil: new Date(Date.now() - 1000) })
    await begin()
    await step()
    await step()
    expect(await sendingOf(channel.id)).toBe(1)
  })

  test('and has refused everything lately gets one at a time', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 5)
    await setTarget(db, channel.id, 'outbound', { failuresInARow: 12 })
    await begin()
    await step()
    await step()
    expect(await sendingOf(channel.id)).toBe(1)
    await carryAll(db)
    await step()
    expect(await sendingOf(channel.id)).toBe(4)
  })

  test('since its channel was archived has its messages left alone', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 6, { talks: 2 })
    const id = await begin()
    await db.update(channels).set({ archivedAt: new Date() }).where(eq(channels.id, channel.id))
    await step()
    expect(await read(id)).toMatchObject({ status: 'done', skipped: 6 })
    expect((await notes(id))[5]).toMatch(/archived/)
  })
})

test('its rate is kept, also after a time in which nothing went', async () => {
  const channel = await createChannel(db)
  await failMany(db, channel.id, 100)
  const id = await begin({}, { perMinute: 60 })
  const since = Date.now() + 60_000
  const fedBy = async (second: number) => {
    await feedRecoveries(db, new Date(since + second * 1000))
    await carryAll(db)
    const { delivered, sending } = await read(id)
    return delivered + sending
  }
  const counts = []
  for (const second of [0, 1, 2, 2.5, 3, 63]) counts.push(await fedBy(second))
  expect(counts).toEqual([2, 3, 4, 4, 5, 7])
})

test('is forgotten three months after it ended, and not before', async () => {
  const channel = await createChannel(db)
  await failMany(db, channel.id, 3)
  const id = await begin()
  await step()
  await carryAll(db)
  await step()
  await failMany(db, channel.id, 1)
  const open = await begin()
  const ended = (await read(id)).endedAt?.getTime() ?? 0
  await upkeep(db, new Date(ended + 89 * DAY_MS))
  expect(await read(id)).toMatchObject({ delivered: 3 })
  await upkeep(db, new Date(ended + 91 * DAY_MS))
  await expect(read(id)).rejects.toThrow('no such recovery')
  expect(await states(id)).toEqual([])
  expect(await read(open)).toMatchObject({ waiting: 1 })
})

describe('a person', () => {
  const by = 'mina@example.com'

  test('pauses and resumes it; what was fed meanwhile ends all the same', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 40)
    const id = await begin()
    await step()
    await pauseRecovery(db, { recoveryId: id, actor: by })
    await carryAll(db)
    await step()
    await step()
    expect(await read(id)).toMatchObject({ status: 'paused', delivered: 20, sending: 0, waiting: 20, stoppedBy: by })
    await expect(pauseRecovery(db, { recoveryId: id, actor: by })).rejects.toMatchObject({ code: 'conflict' })
    await resumeRecovery(db, { recoveryId: id, actor })
    await step()
    expect(await read(id)).toMatchObject({ status: 'running', sending: 20, waiting: 0 })
    const events = await db.select().from(auditEvents).where(eq(auditEvents.subjectId, id)).orderBy(auditEvents.id)
    expect(events.map(({ action, actor: who }) => [action, who])).toEqual([
      ['recovery.start', actor],
      ['recovery.pause', by],
      ['recovery.resume', actor],
    ])
  })

  test('cancels it: what was not fed stays failed and may be recovered again', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 40)
    const id = await begin()
    await step()
    await cancelRecovery(db, { recoveryId: id, actor: by })
    await step()
    expect(await read(id)).toMatchObject({ status: 'cancelled', endedAt: null, sending: 20, cancelled: 20, waiting: 0 })
    await carryAll(db)
    await step()
    expect(await read(id)).toMatchObject({ status: 'cancelled', endedAt: expect.any(Date), delivered: 20 })
    expect((await states(id)).filter((state) => state === 'cancelled')).toHaveLength(20)
    const [row] = await db.execute(sql`select count(*)::int as n from deliveries where status = 'failed'`)
    expect(row?.n).toBe(20)
    const again = await begin()
    expect((await read(again)).total).toBe(20)
    await expect(cancelRecovery(db, { recoveryId: id, actor: by })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('cancels it while it still looks up what to send', async () => {
    const channel = await createChannel(db)
    await failMany(db, channel.id, 3)
    const id = await start({})
    await cancelRecovery(db, { recoveryId: id, actor: by })
    await step()
    expect(await read(id)).toMatchObject({ status: 'cancelled', total: 0, endedAt: expect.any(Date) })
  })
})
