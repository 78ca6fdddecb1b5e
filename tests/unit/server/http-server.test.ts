import { once } from 'node:events'
import { Agent, get, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { AppError } from '#lib/errors'
import { listen } from '#lib/server/http-server'

const HOST = '127.0.0.1'

test('until there is something better to say, the answer is 503 and when to try again', async () => {
  const server = await listen(0, HOST)
  const answer = await fetch(`http://${HOST}:${server.port}/`)
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  await server.drain(1_000)
})

test('a taken port is refused with what to do about it', async () => {
  const server = await listen(0, HOST)
  const message = `Port ${server.port} is taken. Stop what uses it, or choose another: PORT=${server.port + 1} npm start`
  await expect(listen(server.port, HOST)).rejects.toEqual(new AppError('conflict', message))
  await server.drain(1_000)
})

test('a request in flight is finished before the server is down, and no new one is accepted', async () => {
  const server = await listen(0, HOST)
  const arrived = new Promise<ServerResponse>((resolve) => server.answerWith((_request, response) => resolve(response)))
  const answer = fetch(`http://${HOST}:${server.port}/`)
  const response = await arrived
  const drained = server.drain(60_000)
  await expect(fetch(`http://${HOST}:${server.port}/late`)).rejects.toThrow()
  response.end('all of it')
  expect(await (await answer).text()).toBe('all of it')
  await drained
})

test('connections that are kept alive without a request hold nothing up', async () => {
  const server = await listen(0, HOST)
  const agent = new Agent({ keepAlive: true })
  const [response] = await once(get({ host: HOST, port: server.port, agent }), 'response')
  response.resume()
  await once(response, 'end')
  await server.drain(60_000)
  agent.destroy()
})

test('a request that never ends is cut after the limit', async () => {
  const server = await listen(0, HOST)
  server.answerWith(() => {})
  const client = connect(server.port, HOST, () => client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'))
  client.on('error', () => {})
  await once(client, 'connect')
  await server.drain(50)
})
