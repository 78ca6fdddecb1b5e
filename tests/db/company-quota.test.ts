import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { noteCallsLeft, takeCall } from '#db/queries/confirmations'
import type { Claim } from '#db/queries/lanes'
import { msUntilClaimable } from '#db/queries/next-claim'
import { settleDeliveries } from '#db/queries/settle'
import { companies } from '#db/schema/companies'
import { claim, enqueue, settlement } from '#tests/support/engine'
import { type Channel, createChannel, createCompany, createConversation } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

let companyId: string
let busy: Channel
let quiet: Channel

/** Front's limit of 50 a minute: ten calls may go at once, two of them are kept for looking up. */
const BURST = 8
const RESERVE = 2

beforeEach(async () => {
  await db.execute(sql`update lanes set due_at = null`)
  companyId = (await createCompany(db)).id
  busy = await createChannel(db, { companyId })
  quiet = await createChannel(db, { companyId })
  await noteCallsLeft(db, { companyId, limit: 50, remaining: 50 })
})

async function wait(channel: Channel, count: number, direction: 'inbound' | 'outbound' | 'report' = 'inbound') {
  for (let n = 0; n < count; n += 1) {
    const { id } = await createConversation(db, channel.id)
    await enqueue(db, { channelId: channel.id, conversationId: id, direction })
  }
}

const byChannel = (claims: Claim[], channel: Channel) =>
  claims.filter(({ channelId }) => channelId === channel.id).length
const passTime = (ms: number) =>
  db.execute(sql`update companies set calls_tat = calls_tat - ${ms} * interval '1 ms' where id = ${companyId}`)
const company = async () => (await db.select().from(companies).where(eq(companies.id, companyId)))[0]

describe('the calls of a Front company', () => {
  test('go out as many at once as its limit allows, and then evenly', async () => {
    await wait(busy, 40)
    expect(await claim(db)).toHaveLength(BURST)
    expect(await claim(db)).toHaveLength(0)
    await passTime(3000)
    expect(await claim(db)).toHaveLength(2)
  })

  test('are not counted where nobody knows the limit, nor for what goes to the provider', async () => {
    const unknown = await createChannel(db)
    await wait(unknown, 20)
    await wait(busy, 20, 'outbound')
    expect(await claim(db)).toHaveLength(40)
  })

  test('are shared by messages and reports of all its channels', async () => {
    await wait(busy, 20)
    await wait(quiet, 20, 'report')
    const claims = await claim(db)
    expect(claims).toHaveLength(BURST)
    expect([byChannel(claims, busy), byChannel(claims, quiet)]).toEqual([BURST / 2, BURST / 2])
  })

  test('leave a fresh message of a quiet channel its share, however much waits on a busy one', async () => {
    await wait(busy, 300)
    await claim(db)
    await wait(quiet, 1)
    await passTime(3000)
    expect(byChannel(await claim(db), quiet)).toBe(1)
  })

  test('are not exceeded by two workers that claim at the same moment', async () => {
    await wait(busy, 20)
    await wait(quiet, 20)
    const claims = await Promise.all([claim(db), claim(db), claim(db)])
    expect(claims.flat()).toHaveLength(BURST)
  })

  test('leave a reserve with which messages that Front accepted are looked up', async () => {
    await wait(busy, 20)
    await claim(db)
    for (let n = 0; n < RESERVE; n += 1) expect(await takeCall(db, companyId)).toBe(0)
    const waitMs = await takeCall(db, companyId)
    expect(waitMs).toBeGreaterThan(1000)
    expect(waitMs).toBeLessThanOrEqual(1500)
  })

  test('slow down when others use the same quota', async () => {
    await wait(busy, 20)
    await db.execute(sql`update companies set rate_seen_at = now() - interval '1 minute' where id = ${companyId}`)
    await noteCallsLeft(db, { companyId, limit: 50, remaining: RESERVE + 3 })
    expect(await claim(db)).toHaveLength(3)
  })

  test('tell when the next one will be free', async () => {
    await wait(busy, 20)
    await claim(db)
    const ms = await msUntilClaimable(db)
    expect(ms).toBeGreaterThan(1000)
    expect(ms).toBeLessThanOrEqual(1500)
  })
})

test('the limit is learned from the answers to deliveries', async () => {
  const { id } = await createCompany(db)
  const channel = await createChannel(db, { companyId: id })
  await wait(channel, 1)
  const claims = await claim(db)
  await settleDeliveries(
    db,
    claims.map((one) => settlement(one, 'delivered', { calls_limit: 200, calls_left: 199 })),
  )
  const [learned] = await db.select().from(companies).where(eq(companies.id, id))
  expect(learned).toMatchObject({ rateLimit: 200, rateRemaining: 199, callsBurst: 40 })
})

test('a pause of two companies at once is written down whatever the order of the settlements', async () => {
  const other = await createChannel(db)
  await wait(busy, 1)
  await wait(other, 1)
  const claims = await claim(db, 50, newId())
  const hold = { hold: 'company' as const, hold_ms: 60_000, hold_reason: 'Slow down' }
  await settleDeliveries(
    db,
    claims.map((one) => settlement(one, 'retrying', hold)),
  )
  const paused = await db.select().from(companies).where(sql`${companies.holdUntil} > now()`)
  expect(paused.map(({ id }) => id).sort()).toEqual([companyId, other.companyId].sort())
  expect((await company())?.holdReason).toBe('Slow down')
})
