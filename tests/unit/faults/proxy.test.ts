import http from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FaultProxy, startFaultProxy } from '#tests/faults/proxy'
import { closeServers, httpServer } from '#tests/support/bad-server'

const BODY = 'taken in'
let proxy: FaultProxy
let seen: string[]

beforeEach(async () => {
  seen = []
  const url = await httpServer((request, response) => {
    seen.push(request.method ?? '')
    request.resume()
    request.on('end', () => response.writeHead(200, { 'content-length': BODY.length, connection: 'close' }).end(BODY))
  })
  proxy = await startFaultProxy(Number(new URL(url).port))
})

afterEach(async () => {
  await proxy.stop()
  await closeServers()
})

/** The answer's body as far as it came, or the code of what went wrong before one came. */
function call(method = 'POST'): Promise<{ body: string; error?: string }> {
  return new Promise((resolve) => {
    let body = ''
    const request = http.request(proxy.url, { method, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ body }))
      response.on('error', (error: NodeJS.ErrnoException) => resolve({ body, error: error.code }))
    })
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ body, error: error.code }))
    request.end(method === 'POST' ? 'hello' : undefined)
  })
}

test('without a fault it passes both ways', async () => {
  expect(await call()).toEqual({ body: BODY })
  expect(proxy.injected()).toBe(0)
})

test('a reset comes before the other side hears anything, and so many times as was said', async () => {
  proxy.inject({ kind: 'reset' }, { times: 1 })
  expect(await call()).toEqual({ body: '', error: 'ECONNRESET' })
  expect(seen).toEqual([])
  expect(await call()).toEqual({ body: BODY })
  expect(proxy.injected()).toBe(1)
})

test('a fault for one kind of call lets the others through', async () => {
  proxy.inject({ kind: 'reset' }, { only: /^POST / })
  expect(await call('GET')).toEqual({ body: BODY })
  expect(await call('POST')).toMatchObject({ error: 'ECONNRESET' })
})

test('what hangs never reaches the other side, and ends when it is cut', async () => {
  proxy.inject({ kind: 'hang' })
  const hanging = call()
  await proxy.untilInjected(1)
  proxy.cut()
  expect(await hanging).toMatchObject({ body: '', error: 'ECONNRESET' })
  expect(seen).toEqual([])
})

test('a dropped answer belongs to a call that was taken in', async () => {
  proxy.inject({ kind: 'drop_answer' })
  expect(await call()).toMatchObject({ body: '', error: 'ECONNRESET' })
  expect(seen).toEqual(['POST'])
})

test('a truncated answer lacks its end', async () => {
  proxy.inject({ kind: 'truncate', bytes: 3 })
  expect(await call()).toEqual({ body: BODY.slice(0, -3), error: 'ECONNRESET' })
})

test('a dripping answer comes whole in the end', async () => {
  proxy.inject({ kind: 'drip', everyMs: 1 })
  expect(await call()).toEqual({ body: BODY })
  expect(proxy.injected()).toBe(1)
})

test('it refuses connections until it passes again, on the same port', async () => {
  await proxy.refuse()
  expect(await call()).toMatchObject({ error: 'ECONNREFUSED' })
  await proxy.pass()
  expect(await call()).toEqual({ body: BODY })
})

test('it leads where it is aimed', async () => {
  const other = await httpServer((_request, response) => response.end('the other one'))
  proxy.aim(Number(new URL(other).port))
  expect(await call()).toEqual({ body: 'the other one' })
})
