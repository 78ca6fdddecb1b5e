import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { channels } from '#db/schema/channels'
import { endpointListener } from '#lib/endpoints/node-listener'
import { signApplication } from '#lib/front/signature'
import { listen } from '#lib/server/http-server'
import { type Connected, connectedApp, messageEvent } from '#tests/support/app-door'
import { APP_SECRET } from '#tests/support/applications'
import { doorDeps } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
const server = await listen(0, '127.0.0.1')
server.answerWith(endpointListener({ inFront: true, deps, next: (_request, response) => response.end('next') }))
afterAll(async () => {
  await server.drain(100)
  await database.close()
})

function send({ app, channel, key }: Connected, method: string, body: string | null, signed = body ?? 'undefined') {
  const timestamp = String(Date.now())
  return fetch(`http://127.0.0.1:${server.port}/api/front/apps/${app.key}/channels/${channel.key}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      'x-front-signature': signApplication(signed, timestamp, APP_SECRET),
      'x-front-request-timestamp': timestamp,
    },
    body,
  })
}

test('a message of Front is taken over plain HTTP, in front of Next', async () => {
  const front = await connectedApp(db, deps)
  const answer = await send(front, 'POST', JSON.stringify(messageEvent({ text: 'Grüße 👋' })))
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ type: 'success', external_id: expect.any(String) })
})

test.each<[string, string | null]>([
  ['without a body', null],
  ['with a body', '{"type":"delete"}'],
])('a DELETE %s arrives whole over plain HTTP', async (_what, body) => {
  const front = await connectedApp(db, deps)
  const answer = await send(front, 'DELETE', body)
  expect(await answer.json()).toEqual({ type: 'success' })
  const [channel] = await db.select().from(channels).where(eq(channels.id, front.channel.id))
  expect(channel?.disconnectedAt).not.toBeNull()
})

test('a body beyond the limit gets its typed answer while Front is still sending', async () => {
  const front = await connectedApp(db, deps)
  const answer = await send(front, 'POST', 'x'.repeat(12_000_000), 'whatever')
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ type: 'bad_request', message: expect.stringContaining('10 MB') })
})

test('who opens the address in a browser is told what it is for', async () => {
  const front = await connectedApp(db, deps)
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/front/apps/${front.app.key}`)
  expect(answer.status).toBe(405)
  expect(await answer.json()).toMatchObject({ message: expect.stringContaining('Front posts its events') })
})
