import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, expect, test } from 'vitest'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue } from '#db/schema/lanes'
import { CONCURRENCY } from '#lib/delivery/worker'
import { sealingKeys } from '#lib/secrets'
import { closeServers, httpServer } from '#tests/support/bad-server'
import { tallyClaims } from '#tests/support/claim-tally'
import { delivering } from '#tests/support/delivering'
import { createChannel, createConversation, createMessage } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const key = Buffer.alloc(32, 5).toString('base64')
const { withSigningSecret } = delivering(db, sealingKeys(key, ''))
const SCRIPT = path.resolve(import.meta.dirname, '../support/worker-process.ts')
const LEASE_MS = 2000
/** More than two workers carry at once. */
const TALKS = 2 * CONCURRENCY + 20
const MESSAGES = 2
const workers: ChildProcess[] = []

afterEach(async () => {
  await Promise.all(workers.splice(0).map((child) => end(child, 'SIGKILL')))
  await closeServers()
})
afterAll(database.close)

function startProcess(): ChildProcess {
  const stdio: ['ignore', 'ignore', 'inherit'] = ['ignore', 'ignore', 'inherit']
  const child = spawn(process.execPath, [SCRIPT, database.url, key, String(LEASE_MS)], { stdio })
  workers.push(child)
  return child
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('three processes share what waits by the database alone; one that is killed takes nothing along', async () => {
  const arrived: string[] = []
  const waiting: (() => void)[] = []
  let isOpen = false
  const url = await httpServer((request, response) => {
    arrived.push(String(request.headers['webhook-id']))
    const answer = () => response.end('{}')
    if (isOpen) answer()
    else waiting.push(answer)
  })
  const channel = await withSigningSecret(createChannel(db, { providerUrl: url, target: { heldSince: new Date() } }))
  const talks = await Promise.all(Array.from({ length: TALKS }, () => createConversation(db, channel.id)))
  const inOrder = new Map<string, string[]>(talks.map(({ id }) => [id, []]))
  for (let n = 0; n < MESSAGES; n += 1) {
    for (const talk of talks) {
      const { id } = await createMessage(db, talk, { direction: 'outbound', delivery: { status: 'pending' } })
      inOrder.get(talk.id)?.push(id)
    }
  }
  const tally = await tallyClaims(database)
  const [first] = [startProcess(), startProcess(), startProcess()]
  const listeners = () => database.sql`select 1 from pg_stat_activity
    where datname = current_database() and query ilike 'listen%patchbay_delivery%'`
  await until(async () => (await listeners()).length === 3)
  await database.sql`update targets set held_since = null where channel_id = ${channel.id}`
  await database.sql`notify patchbay_delivery`
  await until(async () => arrived.length === TALKS)
  expect((await tally.counts()).length).toBe(3)
  await end(first, 'SIGKILL')
  isOpen = true
  for (const answer of waiting) answer()
  await until(async () => (await db.select().from(laneQueue)).length === 0)

  const once = [...new Set(arrived)]
  for (const ids of inOrder.values()) expect(once.filter((id) => ids.includes(id))).toEqual(ids)
  const delivered = await db.select().from(deliveries).where(eq(deliveries.status, 'delivered'))
  expect(delivered).toHaveLength(TALKS * MESSAGES)
  // Twice only what the killed one had on its way, and no more than one worker carries.
  const twice = new Set(arrived.filter((id, n) => arrived.indexOf(id) !== n))
  expect(twice.size).toBeLessThanOrEqual(CONCURRENCY)
  expect(
    delivered
      .filter(({ attempts }) => attempts > 1)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual([...twice].toSorted())
}, 40_000)
