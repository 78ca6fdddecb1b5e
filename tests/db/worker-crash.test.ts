import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { asc, eq } from 'drizzle-orm'
import { afterAll, afterEach, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { attempts } from '#db/schema/attempts'
import { channelKeys } from '#db/schema/channel-keys'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue } from '#db/schema/lanes'
import { generateSigningSecret } from '#lib/provider/signature'
import { seal, sealingKeys } from '#lib/secrets'
import { closeServers, httpServer } from '#tests/support/bad-server'
import { createChannel, createConversation, createMessage } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const key = Buffer.alloc(32, 5).toString('base64')
const workers: ChildProcess[] = []
const SCRIPT = path.resolve(import.meta.dirname, '../support/worker-process.ts')

afterEach(async () => {
  await Promise.all(workers.splice(0).map(killHard))
  await closeServers()
})
afterAll(database.close)

function startProcess(): ChildProcess {
  const child = spawn(process.execPath, [SCRIPT, database.url, key, '1000'], { stdio: ['ignore', 'ignore', 'inherit'] })
  workers.push(child)
  return child
}

async function killHard(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

type Post = { id: string; answer: () => void }

/** A provider that answers when the test says so. */
async function providerOf() {
  const posts: Post[] = []
  let came = () => {}
  const url = await httpServer((request, response) => {
    posts.push({ id: String(request.headers['webhook-id']), answer: () => response.end('{}') })
    came()
  })
  const until = async (count: number) => {
    while (posts.length < count) {
      await new Promise<void>((resolve) => {
        came = resolve
      })
    }
    return posts
  }
  return { url, until }
}

async function channelTo(providerUrl: string) {
  const channel = await createChannel(db, { providerUrl })
  const secretSealed = seal(generateSigningSecret(), sealingKeys(key, ''))
  await db
    .insert(channelKeys)
    .values({ id: newId(), channelId: channel.id, purpose: 'signing', secretSealed, hint: 'abcd' })
  return channel
}

test('a worker killed in the middle of its attempts loses nothing: another one delivers, in order', async () => {
  const provider = await providerOf()
  const channel = await channelTo(provider.url)
  const talks = await Promise.all([1, 2, 3].map(() => createConversation(db, channel.id)))
  const ids: string[] = []
  for (const talk of [...talks, ...talks]) {
    const message = await createMessage(db, talk, { direction: 'outbound', delivery: { status: 'pending' } })
    ids.push(message.id)
  }

  const first = startProcess()
  expect((await provider.until(3)).map(({ id }) => id).toSorted()).toEqual(ids.slice(0, 3))
  await killHard(first)
  startProcess()
  for (const { answer } of (await provider.until(6)).slice(3)) answer()
  const posts = await provider.until(9)
  for (const { answer } of posts.slice(6)) answer()
  await until(async () => (await db.select().from(laneQueue)).length === 0)

  expect(
    posts
      .slice(3, 6)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(ids.slice(0, 3))
  expect(
    posts
      .slice(6)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(ids.slice(3))
  const ended = await db.select().from(deliveries).orderBy(asc(deliveries.id))
  expect(ended.map(({ id, status, attempts: tries }) => ({ id, status, tries }))).toEqual(
    ids.map((id, n) => ({ id, status: 'delivered', tries: n < 3 ? 2 : 1 })),
  )
  const tries = await db
    .select()
    .from(attempts)
    .where(eq(attempts.deliveryId, ids[0] ?? ''))
    .orderBy(attempts.n)
  expect(tries).toMatchObject([
    { n: 1, outcome: 'lost', errorClass: 'worker_lost', responseStatus: null },
    { n: 2, outcome: 'delivered', responseStatus: 200 },
  ])
})

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setImmediate(resolve))
}
