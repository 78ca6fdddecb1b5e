import type { Socket } from 'node:net'
import { afterAll, afterEach, expect, test } from 'vitest'
import { guardedAgent, type Lookup } from '#lib/http/guarded-agent'
import { sendHttp } from '#lib/http/send'
import { closeServers, freePort, httpServer, rawServer } from '#tests/support/bad-server'

const guard = guardedAgent({ allowPrivate: true, allowedOrigins: [] })
const strict = guardedAgent({ allowPrivate: false, allowedOrigins: [] })
afterEach(closeServers)
afterAll(async () => {
  await guard.agent.close()
  await strict.agent.close()
})

const post = (url: string, body: string | FormData = '{"a":1}') => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
  body,
})

/** A lookup that answers from a table, as `dns.lookup` does. */
function lookupOf(addresses: string[]): Lookup {
  const lookup = (_host: string, _options: object, callback: (error: null, found: object[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  return lookup as unknown as Lookup // its overloads are wider than the one call that is made
}

test('an answer comes back whole: status, headers, body, address and what was sent', async () => {
  const url = await httpServer((request, response) => {
    response.writeHead(202, { 'X-Two': ['a', 'b'], 'Retry-After': '5' })
    request.on('data', (chunk) => response.write(chunk)).on('end', () => response.end())
  })
  const result = await sendHttp(post(url), { guard })
  expect(result.failure).toBeNull()
  expect(result.answer).toMatchObject({ status: 202, body: '{"a":1}', bytes: 7, cut: false })
  expect(result.answer?.headers).toMatchObject({ 'x-two': 'a, b', 'retry-after': '5' })
  expect(result.ip).toBe('127.0.0.1')
  expect(result.requestHeaders).toMatchObject({ authorization: 'Bearer x', 'user-agent': 'Patchbay' })
})

test('a redirect is an answer and is not followed', async () => {
  const paths: string[] = []
  const url = await httpServer((request, response) => {
    paths.push(request.url ?? '')
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  const { answer } = await sendHttp(post(url), { guard })
  expect(answer).toMatchObject({ status: 307, headers: { location: '/elsewhere' } })
  expect(paths).toEqual(['/'])
})

test('a long answer is counted in full and kept to its beginning, without half a character', async () => {
  const url = await httpServer((_request, response) => response.end('é'.repeat(50_000)))
  const { answer } = await sendHttp(post(url), { guard, maxAnswerBytes: 20_001 })
  expect(answer).toMatchObject({ bytes: 100_000, cut: true })
  expect(answer?.body).toBe('é'.repeat(10_000))
})

test('an endless answer is cut off and counts as answered', async () => {
  const url = await httpServer((_request, response) => {
    const chunk = Buffer.alloc(65_536, 'x')
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', more)
    more()
  })
  const { answer, failure } = await sendHttp(post(url), { guard })
  expect(failure).toBeNull()
  expect(answer).toMatchObject({ status: 200, cut: true })
  expect(answer?.body).toHaveLength(20_000)
})

test('a form arrives with its boundary, its length and its files', async () => {
  let received: Request | undefined
  const url = await httpServer((request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => {
        const headers = {
          'content-type': request.headers['content-type'] ?? '',
          length: request.headers['content-length'] ?? '',
        }
        received = new Request('http://x/', { method: 'POST', headers, body: Buffer.concat(chunks) })
        response.end()
      })
  })
  const form = new FormData()
  form.append('sender[handle]', 'é')
  form.append('attachments[0]', new Blob([new Uint8Array([0, 255, 13, 10])], { type: 'image/png' }), 'a "b".png')
  const { headers: _headers, ...request } = post(url, form)
  const { requestHeaders } = await sendHttp({ ...request, headers: {} }, { guard })
  expect(requestHeaders['content-type']).toMatch(/^multipart\/form-data; boundary=/)
  expect(Number(received?.headers.get('length'))).toBeGreaterThan(100)
  const read = await received?.formData()
  expect(read?.get('sender[handle]')).toBe('é')
  const file = read?.get('attachments[0]')
  expect(file instanceof File && [...new Uint8Array(await file.arrayBuffer())]).toEqual([0, 255, 13, 10])
})

type Failing = { error: string; mayHaveArrived: boolean; status?: number; serve: (socket: Socket) => void }

const failures: Record<string, Failing> = {
  'a server that never answers': { error: 'timeout_answer', mayHaveArrived: true, serve: () => {} },
  'a server that hangs up without an answer': {
    error: 'reset',
    mayHaveArrived: true,
    serve: (socket) => socket.once('data', () => socket.end()),
  },
  'a server that resets the connection': {
    error: 'reset',
    mayHaveArrived: true,
    serve: (socket) => socket.once('data', () => socket.resetAndDestroy()),
  },
  'half a status line': {
    error: 'reset',
    mayHaveArrived: true,
    serve: (socket) => socket.once('data', () => socket.end('HTTP/1.1 20')),
  },
  'something that is not HTTP': {
    error: 'unexpected_answer',
    mayHaveArrived: true,
    serve: (socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')),
  },
  'an accepting answer that breaks off': {
    error: 'truncated',
    mayHaveArrived: true,
    status: 202,
    serve: (socket) => socket.once('data', () => socket.end('HTTP/1.1 202 OK\r\nContent-Length: 50\r\n\r\n{"sta')),
  },
  'a refusing answer that breaks off': {
    error: 'truncated',
    mayHaveArrived: false,
    status: 500,
    serve: (socket) => socket.once('data', () => socket.end('HTTP/1.1 500 No\r\nContent-Length: 50\r\n\r\noops')),
  },
  'an answer that drips for ever': {
    error: 'timeout_answer',
    mayHaveArrived: true,
    status: 200,
    serve: (socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        const drip = setInterval(() => socket.write('1\r\nx\r\n'), 20)
        socket.on('close', () => clearInterval(drip)).on('error', () => clearInterval(drip))
      })
    },
  },
  'headers that drip for ever': {
    error: 'timeout_answer',
    mayHaveArrived: true,
    serve: (socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n')
        const drip = setInterval(() => socket.write('x-a: b\r\n'), 20)
        socket.on('close', () => clearInterval(drip)).on('error', () => clearInterval(drip))
      })
    },
  },
}

for (const [what, { error, mayHaveArrived, status, serve }] of Object.entries(failures)) {
  test(`${what} is told apart: ${error}`, async () => {
    const result = await sendHttp(post(await rawServer(serve)), { guard, timeoutMs: 400 })
    expect(result.failure).toMatchObject({ code: error, mayHaveArrived })
    expect(result.answer?.status).toBe(status)
    expect(result.durationMs).toBeLessThan(2000)
  })
}

test('nobody at the port: refused, and certainly not arrived', async () => {
  const result = await sendHttp(post(`http://127.0.0.1:${await freePort()}/`), { guard })
  expect(result).toMatchObject({ answer: null, ip: null, failure: { code: 'refused', mayHaveArrived: false } })
})

test('a name that does not exist: dns', async () => {
  const result = await sendHttp(post('http://no-such-host.invalid/'), { guard })
  expect(result.failure).toMatchObject({ code: 'dns', mayHaveArrived: false })
})

test('a server that speaks no TLS: tls', async () => {
  const url = await rawServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')))
  const result = await sendHttp(post(url.replace('http:', 'https:')), { guard })
  expect(result.failure).toMatchObject({ code: 'tls', mayHaveArrived: false })
})

test('a header that can’t be sent is a fault of the request', async () => {
  const url = await httpServer((_request, response) => response.end())
  const result = await sendHttp({ ...post(url), headers: { 'x-bad': 'a\r\nb: c' } }, { guard })
  expect(result.failure).toMatchObject({ code: 'bad_url', mayHaveArrived: false })
})

test('a name that leads inward is refused when its address is known, before anything is sent', async () => {
  let connections = 0
  const url = await rawServer(() => {
    connections += 1
  })
  const { port } = new URL(url)
  const rebinding = guardedAgent(
    { allowPrivate: false, allowedOrigins: [] },
    { lookup: lookupOf(['127.0.0.1', '::1']) },
  )
  const result = await sendHttp(post(`http://public.example:${port}/`), { guard: rebinding })
  expect(result.failure).toMatchObject({ code: 'blocked_address', mayHaveArrived: false })
  expect(connections).toBe(0)
  await rebinding.agent.close()
})

test('our own origin is reached under the same guard', async () => {
  const url = await httpServer((_request, response) => response.end('ours'))
  const own = guardedAgent({ allowPrivate: false, allowedOrigins: [new URL(url).origin] })
  expect((await sendHttp(post(url), { guard: own })).answer?.body).toBe('ours')
  expect((await sendHttp(post(url), { guard: strict })).failure?.code).toBe('blocked_address')
  await own.agent.close()
})
