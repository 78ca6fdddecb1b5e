import type { APIRequestContext } from '@playwright/test'
import { test as base, expect, startOver } from '#tests/e2e/fixtures'
import { type Explored, openSandbox } from '#tests/support/explored'
import { isServerless, POOL, type Serverless } from '#tests/support/serverless'

// What is true of functions only; the flows that they carry like any host are the other files of this project.
const test = base.extend<{ functions: Serverless; explored: Explored }>({
  functions: async ({ server }, use) => {
    if (!isServerless(server)) throw new Error('This file is for the project “serverless”.')
    await use(server)
  },
  explored: async ({ server, db }, use) => use(await openSandbox({ server, db })),
})

test.beforeAll(startOver)

const post = (request: APIRequestContext, { channelKey, bearer }: Explored, body: string, handle = 'visitor') =>
  request.post(`/api/channels/${channelKey}/incoming`, {
    headers: { authorization: `Bearer ${bearer}` },
    data: { external_id: `${handle} ${body}`, sender: { handle }, body },
  })

test('a burst of messages takes no more connections than the instances may open, and few sessions of Postgres', async ({
  functions: { pooler, instances },
  explored,
  request,
  sql,
}) => {
  pooler.mostClients()
  const bodies = Array.from({ length: 40 }, (_, n) => `Message ${n}`)
  const answers = await Promise.all(bodies.map((body, n) => post(request, explored, body, `visitor-${n % 20}`)))
  expect(answers.map((answer) => answer.status())).toEqual(bodies.map(() => 202))
  const arrived = () => sql`select content->>'text' as text from sandbox_messages where is_inbound`
  await expect.poll(async () => (await arrived()).length, { timeout: 30_000 }).toBe(bodies.length)
  expect(pooler.mostClients()).toBeLessThanOrEqual(instances.length * POOL)
  const used = await sql`select 1 from pg_stat_activity where application_name = 'pooler'`
  expect(used.length).toBeLessThanOrEqual(4)
  const others = await sql`select distinct application_name as name from pg_stat_activity
    where backend_type = 'client backend' and application_name like 'patchbay%'`
  expect(others.map(({ name }) => name)).toEqual(['patchbay-test'])
})

test('drains that overlap deliver each message once, in order', async ({ functions, explored, request, sql }) => {
  const order = Array.from({ length: 15 }, (_, n) => `Number ${n}`)
  await sql`update targets set held_since = now() where channel_id = ${explored.channelId}`
  for (const body of order) expect((await post(request, explored, body, 'visitor-order')).status()).toBe(202)
  await sql`update targets set held_since = null where channel_id = ${explored.channelId}`
  const answers = await Promise.all([1, 2, 3].map(() => functions.callCron()))
  expect(answers).toEqual([200, 200, 200])
  const arrived = await sql`select content->>'text' as text from sandbox_messages
    where content->'sender'->>'handle' = 'visitor-order' order by created_at, id`
  expect(arrived.map(({ text }) => text)).toEqual(order)
})

test('an instance that was frozen goes on when it is woken, though its connections were closed meanwhile', async ({
  functions,
  explored,
  request,
}) => {
  const [frozen] = functions.instances
  frozen?.child.kill('SIGSTOP')
  functions.pooler.dropIdleClients()
  const posts = [0, 1, 2, 3].map((n) => post(request, explored, `Before thaw ${n}`, 'visitor-frozen'))
  frozen?.child.kill('SIGCONT')
  const answers = await Promise.all(posts)
  expect(answers.map((answer) => answer.status())).toEqual([202, 202, 202, 202])
})

test('the daily upkeep runs through the pooler', async ({ functions }) => {
  expect(await functions.callCron('/api/cron/upkeep')).toBe(200)
})
