import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { msUntilClaimable } from '#db/queries/next-claim'
import { drain } from '#lib/delivery/drain'
import { type SealingKeys, seal } from '#lib/secrets'
import { enqueue } from '#tests/support/engine'
import { createChannel, createCompany, createConversation, createMessage, setTarget } from '#tests/support/factories'
import { otherSide } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const keys: SealingKeys = [Buffer.alloc(32, 7)]
afterAll(database.close)
beforeEach(async () => {
  await db.execute(sql`update lanes set due_at = null`)
  await db.execute(sql`delete from confirmations`)
})

test('one pass carries everything that a rate limit lets through bit by bit', async () => {
  const company = await createCompany(db, { apiTokenSealed: seal('front-token', keys) })
  const channel = await createChannel(db, { companyId: company.id, target: { rateEvery: '20 ms', rateBurst: 2 } })
  for (let n = 0; n < 9; n += 1) {
    await createMessage(db, await createConversation(db, channel.id), { delivery: { status: 'pending' } })
  }
  const front = otherSide((_, n) => ({ status: 202, body: `{"message_uid":"uid-${n}"}` }))
  const deps = {
    db,
    keys,
    publicUrl: 'https://patchbay.example',
    transport: front.send,
    mail: null,
    now: () => new Date(),
    random: () => 0.5,
  }
  await drain(deps, { deadline: new Date(Date.now() + 60_000) })
  const posts = front.seen.filter(({ method }) => method === 'POST')
  expect(posts).toHaveLength(9)
})

test('a pass that has nothing to wait for ends, and one that is over begins nothing', async () => {
  const channel = await createChannel(db)
  await createMessage(db, await createConversation(db, channel.id), { delivery: { status: 'pending' } })
  const front = otherSide(() => ({ status: 202 }))
  const deps = {
    db,
    keys,
    publicUrl: 'https://patchbay.example',
    transport: front.send,
    mail: null,
    now: () => new Date(),
    random: () => 0.5,
  }
  await drain(deps, { deadline: new Date(Date.now() - 1) })
  expect(await msUntilClaimable(db)).toBeLessThanOrEqual(0)
  await setTarget(db, channel.id, 'inbound', { heldSince: new Date() })
  await drain(deps, { deadline: new Date(Date.now() + 60_000) })
  expect(front.seen).toEqual([])
  expect(await msUntilClaimable(db)).toBeNull()
})

test('a pass that may wait stays for a delivery that falls due before its deadline; one after an answer does not', async () => {
  const company = await createCompany(db, { apiTokenSealed: seal('front-token', keys) })
  const channel = await createChannel(db, { companyId: company.id })
  await createMessage(db, await createConversation(db, channel.id), { delivery: { status: 'pending' } })
  await db.execute(sql`update lanes set due_at = now() + interval '2500 ms' where channel_id = ${channel.id}`)
  const front = otherSide((_, n) => ({ status: 202, body: `{"message_uid":"late-${n}"}` }))
  const posts = () => front.seen.filter(({ method }) => method === 'POST').length
  const deps = {
    db,
    keys,
    publicUrl: 'https://patchbay.example',
    transport: front.send,
    mail: null,
    now: () => new Date(),
    random: () => 0.5,
  }
  const deadline = new Date(Date.now() + 30_000)
  await drain(deps, { deadline })
  expect(posts()).toBe(0)
  await drain(deps, { deadline, patienceMs: 30_000 })
  expect(posts()).toBe(1)
})

test('tells how long a pause or a rate limit keeps the next delivery back', async () => {
  const company = await createCompany(db, { holdUntil: new Date(Date.now() + 40_000) })
  const channel = await createChannel(db, { companyId: company.id })
  const conversationId = (await createConversation(db, channel.id)).id
  await enqueue(db, { channelId: channel.id, conversationId })
  expect(await msUntilClaimable(db)).toBeGreaterThan(30_000)
  await enqueue(db, { channelId: channel.id, conversationId, direction: 'outbound' })
  expect(await msUntilClaimable(db)).toBeLessThanOrEqual(0)
})
