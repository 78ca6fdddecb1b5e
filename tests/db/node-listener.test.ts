import { connect } from 'node:net'
import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { requests } from '#db/schema/requests'
import { endpointListener } from '#lib/endpoints/node-listener'
import { listen } from '#lib/server/http-server'
import { doorDeps, openChannelDoor } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const server = await listen(0, '127.0.0.1')
server.answerWith(
  endpointListener({
    inFront: true,
    deps: doorDeps(db),
    next: (request, response) => response.end(`next ${request.url} ${request.headers['x-forwarded-for']}`),
  }),
)
const base = `http://127.0.0.1:${server.port}`
afterAll(async () => {
  await server.drain(100)
  await database.close()
})

async function post(path: string, headers: Record<string, string>, body: BodyInit) {
  return fetch(base + path, { method: 'POST', headers, body })
}

test('a provider’s call is answered over plain HTTP, in front of Next', async () => {
  const { channel, bearer } = await openChannelDoor(db)
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
  const path = `/api/channels/${channel.key}/incoming`
  const answer = await post(path, headers, JSON.stringify({ sender: { handle: 'ada' }, body: 'héllo' }))
  const { id } = await answer.json()
  const status = await fetch(`${base}/api/channels/${channel.key}/messages/${id}`, { headers })

  expect(answer.status).toBe(202)
  expect(await status.json()).toMatchObject({ id, state: 'queued' })
})

test('a form with files arrives whole', async () => {
  const { channel, bearer } = await openChannelDoor(db)
  const form = new FormData()
  form.append('sender[handle]', 'ada')
  form.append('attachments[0]', new Blob([new Uint8Array(1_000_000).fill(7)]), 'big.bin')
  const answer = await post(`/api/channels/${channel.key}/incoming`, { authorization: `Bearer ${bearer}` }, form)
  expect(answer.status).toBe(202)
})

test('an address that a caller makes up does not stand for it', async () => {
  const { channel } = await openChannelDoor(db)
  await post(`/api/channels/${channel.key}/incoming`, { 'x-forwarded-for': '6.6.6.6' }, 'x')
  const [kept] = await db.select().from(requests).where(eq(requests.channelId, channel.id))
  expect(kept?.ip).toBe('127.0.0.1')
})

test('a body that is too large is refused and its connection ends', async () => {
  const { channel, bearer } = await openChannelDoor(db)
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
  const answer = await post(`/api/channels/${channel.key}/incoming`, headers, 'x'.repeat(4_000_001))
  expect(answer.status).toBe(413)
  expect(answer.headers.get('connection')).toBe('close')
})

test('a refusal reaches a caller who uploads to the end before reading', async () => {
  const { channel, bearer } = await openChannelDoor(db)
  const socket = connect(server.port, '127.0.0.1')
  const broken = new Promise<Error>((resolve) => socket.once('error', resolve))
  const length = 12_000_000
  socket.write(
    `POST /api/channels/${channel.key}/incoming HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${bearer}\r\n` +
      `content-type: application/json\r\ncontent-length: ${length}\r\n\r\n`,
  )
  const chunk = Buffer.alloc(100_000, 'x')
  socket.write(chunk)
  // The answer is here before the rest: a server that closes now resets the connection in the middle of the upload.
  await new Promise((resolve) => socket.once('readable', resolve))
  const upload = async () => {
    for (let sent = chunk.length; sent < length; sent += chunk.length) {
      if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve))
    }
    return 'uploaded'
  }
  const outcome = await Promise.race([upload(), broken.then((error) => error.message)])
  socket.destroy()
  expect(outcome).toBe('uploaded')
})

test('a refusal reaches a caller who has sent only the beginning of a large body', async () => {
  const { channel } = await openChannelDoor(db)
  const socket = connect(server.port, '127.0.0.1')
  socket.write(
    `POST /api/channels/${channel.key}/incoming HTTP/1.1\r\nhost: x\r\nauthorization: Bearer wrong\r\n` +
      `content-type: application/json\r\ncontent-length: 3000000\r\n\r\n${'x'.repeat(100_000)}`,
  )
  const said = await new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
      if (text.includes('unauthenticated')) resolve(text)
    })
    socket.on('error', (error) => resolve(`${text}${error.message}`))
    socket.on('close', () => resolve(`${text} (closed)`))
  })
  socket.destroy()
  expect(said).toMatch(/^HTTP\/1\.1 401 /)
})

test('headers beyond what a server takes never reach us', async () => {
  const { channel } = await openChannelDoor(db)
  const answer = await post(`/api/channels/${channel.key}/incoming`, { 'x-note': 'n'.repeat(20_000) }, 'x')
  expect(answer.status).toBe(431)
})

test('everything else goes to Next with the caller’s address noted', async () => {
  const others = [
    '/',
    '/api/channels/ch_1/incoming/',
    '/api/channels/a%2Fb/incoming',
    '//evil.example/api/channels/x/incoming',
  ]
  for (const path of others) {
    const answer = await fetch(base + path, { method: 'POST', headers: { 'x-forwarded-for': '6.6.6.6' } })
    expect(await answer.text()).toBe(`next ${path} 6.6.6.6, 127.0.0.1`)
  }
  expect(await (await fetch(`${base}/api/channels/ch_1/incoming`)).text()).toContain('next')
})
