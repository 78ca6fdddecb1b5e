import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callerAddress } from '#lib/http/caller-address'
import { appendPeer } from '#lib/server/forwarded-for'

const server = createServer((request, response) => {
  appendPeer(request)
  response.end(String(request.headers['x-forwarded-for']))
})
let url = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : ''}`
})
afterAll(() => server.close())

async function addressSeen({ claimed, trustedProxies }: { claimed: string | null; trustedProxies: number }) {
  const answer = await fetch(url, claimed === null ? {} : { headers: { 'x-forwarded-for': claimed } })
  return callerAddress(new Headers({ 'x-forwarded-for': await answer.text() }), trustedProxies)
}

test('a caller is known by the connection it makes', async () => {
  expect(await addressSeen({ claimed: null, trustedProxies: 0 })).toBe('127.0.0.1')
})

test('a caller cannot claim another address', async () => {
  expect(await addressSeen({ claimed: '203.0.113.9', trustedProxies: 0 })).toBe('127.0.0.1')
})

test('behind one trusted proxy the address it saw counts, and not what the caller claimed before', async () => {
  const claimed = '198.51.100.1, 203.0.113.9'
  expect(await addressSeen({ claimed, trustedProxies: 1 })).toBe('203.0.113.9')
})
