import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Claim } from '#db/queries/lanes'
import type { Settlement } from '#db/queries/settle'
import { createPump, type Pump } from '#lib/delivery/pump'
import { enqueue, settlement } from '#tests/support/engine'
import { createChannel, createConversation } from '#tests/support/factories'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'
import { seededRandom } from '#tests/support/random'

let database: TestDatabase
const pumps: Pump[] = []
const db = () => database.db

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await Promise.all(pumps.splice(0).map((pump) => pump.stop()))
  await db().execute(sql`update lanes set due_at = null`)
})

/** A pump whose deliveries end as `ends` says; every successful one is noted in `delivered`. */
function pumpThat(ends: (claim: Claim) => Settlement | Promise<Settlement>, options: { leaseMs?: number } = {}): Pump {
  const pump = createPump({
    db: db(),
    carry: (claims) => claims.map(async (claim) => ends(claim)),
    concurrency: 20,
    leaseMs: options.leaseMs ?? 20_000,
    pauseMs: 1,
  })
  pumps.push(pump)
  return pump
}

async function drainAll(...all: Pump[]): Promise<void> {
  for (;;) {
    for (const pump of all) pump.wake()
    await Promise.all(all.map((pump) => pump.idle()))
    const [row] = await db().execute<{ open: number }>(
      sql`select count(*)::int as open from lanes where due_at is not null`,
    )
    if (row?.open === 0) return
  }
}

test('two workers deliver every message of every conversation in order, though a fifth of the attempts fail', async () => {
  const random = seededRandom(7)
  const channelId = (await createChannel(db())).id
  const expected = new Map<string, string[]>()
  const delivered = new Map<string, string[]>()
  const conversationIds = await Promise.all(
    Array.from({ length: 12 }, async () => (await createConversation(db(), channelId)).id),
  )
  const ends = (claim: Claim) => {
    if (random() < 0.2) return settlement(claim, 'retrying', { retry_ms: random() * 20 })
    delivered.set(claim.conversationId, [...(delivered.get(claim.conversationId) ?? []), claim.deliveryId])
    return settlement(claim, 'delivered')
  }
  const workers = [pumpThat(ends), pumpThat(ends)]
  // Messages go on arriving while the workers run, one writer for each conversation.
  await Promise.all(
    conversationIds.map(async (conversationId) => {
      for (let i = 0; i < 25; i += 1) {
        const id = await enqueue(db(), { channelId, conversationId })
        expected.set(conversationId, [...(expected.get(conversationId) ?? []), id])
        workers[i % 2]?.wake()
      }
    }),
  )
  await drainAll(...workers)
  expect(Object.fromEntries(delivered)).toEqual(Object.fromEntries(expected))
})

test('a worker that never answers loses its deliveries to another one, and none is lost', async () => {
  const channelId = (await createChannel(db())).id
  const ids = new Set<string>()
  for (let i = 0; i < 10; i += 1) {
    ids.add(await enqueue(db(), { channelId, conversationId: (await createConversation(db(), channelId)).id }))
  }
  let release = (_: Settlement) => {}
  const stuck: Claim[] = []
  const hanging = createPump({
    db: db(),
    carry: (claims) => {
      stuck.push(...claims)
      return [
        new Promise<Settlement>((resolve) => {
          release = resolve
        }),
      ]
    },
    concurrency: 20,
    leaseMs: 1_000_000_000,
  })
  hanging.wake()
  await expect.poll(() => stuck.length).toBe(10)
  // The process is gone: its leases run out.
  await db().execute(sql`update lanes set due_at = now() where lease is not null`)
  const seen: Claim[] = []
  await drainAll(
    pumpThat((claim) => {
      seen.push(claim)
      return settlement(claim, 'delivered')
    }),
  )
  expect(new Set(seen.map((claim) => claim.deliveryId))).toEqual(ids)
  expect(seen.every((claim) => claim.recovered)).toBe(true)
  // What the hanging worker says later changes nothing.
  const [late] = stuck
  if (late) release(settlement(late, 'failed'))
  const [row] = await db().execute<{ failed: number }>(
    sql`select count(*)::int as failed from deliveries where channel_id = ${channelId} and status <> 'delivered'`,
  )
  expect(row?.failed).toBe(0)
})

test('one settlement that Postgres refuses does not hold back its neighbours', async () => {
  const channelId = (await createChannel(db())).id
  const poisoned = await enqueue(db(), { channelId, conversationId: (await createConversation(db(), channelId)).id })
  const healthy = await enqueue(db(), { channelId, conversationId: (await createConversation(db(), channelId)).id })
  const pump = createPump({
    db: db(),
    carry: (claims) => {
      const results = claims.map((claim) =>
        settlement(claim, 'delivered', claim.deliveryId === poisoned ? { external_id: 'a\u0000b' } : {}),
      )
      return results.map((result) => Promise.resolve(result))
    },
    concurrency: 20,
    leaseMs: 20_000,
    pauseMs: 1,
  })
  pump.wake()
  await pump.idle()
  const [row] = await db().execute<{ status: string }>(sql`select status from deliveries where id = ${healthy}`)
  expect(row?.status).toBe('delivered')
})

test('a stopped worker finishes what is in flight and claims nothing more', async () => {
  const channelId = (await createChannel(db())).id
  const conversationId = (await createConversation(db(), channelId)).id
  await enqueue(db(), { channelId, conversationId })
  await enqueue(db(), { channelId, conversationId })
  let finish = () => {}
  let started = () => {}
  const inFlight = new Promise<void>((resolve) => {
    started = resolve
  })
  const pump = pumpThat(
    (claim) =>
      new Promise((resolve) => {
        finish = () => resolve(settlement(claim, 'delivered'))
        started()
      }),
  )
  pump.wake()
  await inFlight
  const stopping = pump.stop()
  finish()
  await stopping
  const rows = await db().execute<{ status: string }>(
    sql`select status from deliveries where channel_id = ${channelId} order by id`,
  )
  expect(rows.map((row) => row.status)).toEqual(['delivered', 'pending'])
})
