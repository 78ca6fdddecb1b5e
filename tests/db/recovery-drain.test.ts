import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { noteCallsLeft } from '#db/queries/confirmations'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { drain } from '#lib/delivery/drain'
import { startWorker } from '#lib/delivery/worker'
import { type SealingKeys, seal } from '#lib/secrets'
import { delivering } from '#tests/support/delivering'
import { type Channel, createChannel, createCompany } from '#tests/support/factories'
import { otherSide } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'
import { failMany, recovering } from '#tests/support/recovering'

const database = await testDatabase()
const { db } = database
const keys: SealingKeys = [Buffer.alloc(32, 7)]
const { depsWith, withSigningSecret } = delivering(db, keys)
const { start, read } = recovering(db)
let channel: Channel
afterAll(database.close)

beforeEach(async () => {
  await db.execute(sql`truncate recoveries, recovery_items, recovery_targets, lanes, lane_queue, confirmations`)
  channel = await withSigningSecret(createChannel(db))
})

const passUntil = (transport: DeliveryDeps['transport'], recover: boolean) =>
  drain(depsWith(transport), { deadline: new Date(Date.now() + 30_000), recover })

test('one pass without a worker carries a recovery from its beginning to its end', async () => {
  await failMany(db, channel.id, 70, { talks: 20 })
  const id = await start({ channel: channel.id })
  const provider = otherSide((_, n) => (n % 10 === 0 ? { status: 422 } : { status: 200 }))
  await passUntil(provider.send, true)
  expect(await read(id)).toMatchObject({ status: 'done', total: 70, delivered: 63, failed: 7 })
  expect(provider.seen).toHaveLength(70)
}, 60_000)

test('one pass looks up what Front accepted as it goes, so that its calls do not stop the recovery', async () => {
  const company = await createCompany(db, { apiTokenSealed: seal('front-token', keys) })
  const toFront = await createChannel(db, { companyId: company.id })
  await noteCallsLeft(db, { companyId: company.id, limit: 600, remaining: 600 })
  await failMany(db, toFront.id, 45, { direction: 'inbound' })
  const id = await start({ channel: toFront.id })
  const front = otherSide(({ method, url }, n) => {
    if (method === 'POST') return { status: 202, body: JSON.stringify({ message_uid: `uid-${n}` }) }
    const shown = url.split('-').at(-1)
    const related = { conversation: `https://acme.api.frontapp.com/conversations/cnv_${shown}` }
    return { status: 200, body: JSON.stringify({ id: `msg_${shown}`, _links: { related } }) }
  })
  await passUntil(front.send, true)
  expect(await read(id)).toMatchObject({ status: 'done', delivered: 45 })
}, 60_000)

test('a pass after an answer feeds nothing, and does not stay for a recovery', async () => {
  await failMany(db, channel.id, 5)
  const id = await start({ channel: channel.id })
  const provider = otherSide(() => ({ status: 200 }))
  await passUntil(provider.send, false)
  expect(await read(id)).toMatchObject({ status: 'queueing' })
  expect(provider.seen).toEqual([])
})

test('a worker that is stopped leaves a recovery to the next one, which sends the rest once', async () => {
  await failMany(db, channel.id, 120)
  // Slow enough to be stopped in the middle.
  const id = await start({ channel: channel.id }, { perMinute: 900 })
  const provider = otherSide(() => ({ status: 200 }))
  const deps = { keys, publicUrl: 'https://patchbay.example', transport: provider.send, mail: null }
  const first = await startWorker(database.url, deps)
  await expect.poll(async () => (await read(id)).delivered, { timeout: 20_000 }).toBeGreaterThan(10)
  await first.stop()
  const { delivered, status } = await read(id)
  expect(delivered).toBeLessThan(120)
  expect(status).toBe('running')
  const second = await startWorker(database.url, deps)
  await expect.poll(async () => (await read(id)).status, { timeout: 20_000 }).toBe('done')
  await second.stop()
  expect(await read(id)).toMatchObject({ delivered: 120, failed: 0 })
  const ids = provider.seen.map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids).size).toBe(120)
  expect(ids).toHaveLength(120)
}, 60_000)
