import { afterAll, afterEach, expect, test } from 'vitest'
import { guardedAgent } from '#lib/http/guarded-agent'
import { openHttp } from '#lib/http/open'
import { closeServers, freePort, httpServer, rawServer } from '#tests/support/bad-server'

const guard = guardedAgent({ allowPrivate: true, allowedOrigins: [] })
afterEach(closeServers)
afterAll(() => guard.agent.close())

test('a file comes as a stream, long before it has ended', async () => {
  let finish = () => {}
  const url = await httpServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'image/png' }).write('first')
    finish = () => response.end('second')
  })
  const { status, headers, body } = await openHttp({ url, headers: { authorization: 'Bearer x' } }, { guard })
  expect([status, headers['content-type']]).toEqual([200, 'image/png'])
  const reader = body.getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('first')
  finish()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('second')
  expect((await reader.read()).done).toBe(true)
})

test('a redirect is handed back and not followed', async () => {
  const url = await httpServer((_request, response) => response.writeHead(302, { Location: '/x' }).end())
  const { status, headers, body } = await openHttp({ url, headers: {} }, { guard })
  expect([status, headers.location]).toEqual([302, '/x'])
  await body.cancel()
})

test('giving up a stream ends the connection', async () => {
  const closed = Promise.withResolvers<void>()
  const url = await httpServer((_request, response) => {
    response.write('x'.repeat(100))
    response.on('close', closed.resolve)
  })
  const { body } = await openHttp({ url, headers: {} }, { guard })
  await body.cancel()
  await closed.promise
})

test('nobody there and nobody answering are told as unavailable, a closed address as refused', async () => {
  const silent = await rawServer(() => {})
  const open = (url: string) => openHttp({ url, headers: {} }, { guard, timeoutMs: 100 })
  await expect(open(`http://127.0.0.1:${await freePort()}/`)).rejects.toMatchObject({ code: 'unavailable' })
  await expect(open(silent)).rejects.toMatchObject({ code: 'unavailable', message: /in time/ })
  await expect(open('http://169.254.169.254/')).rejects.toMatchObject({ code: 'upstream_refused' })
})
