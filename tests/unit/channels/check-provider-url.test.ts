import { describe, expect, test } from 'vitest'
import { checkProviderUrl } from '#lib/channels/check-provider-url'

const names: Record<string, string[]> = {
  'provider.example': ['192.0.2.1', '93.184.216.34'],
  'inside.example': ['10.0.0.7'],
  'meta.example': ['169.254.169.254'],
}
const lookup = async (host: string) => {
  const found = names[host]
  if (!found) throw new Error('ENOTFOUND')
  return found.map((address) => ({ address }))
}
const check = (url: string, policy: { allowPrivate?: boolean; allowedOrigins?: string[] } = {}) =>
  checkProviderUrl(url, { policy: { allowPrivate: false, allowedOrigins: [], ...policy }, lookup })

describe('the address of a provider', () => {
  for (const url of ['https://provider.example/in', 'https://93.184.216.34/', 'https://not-yet.example/in']) {
    test(`${url} is taken`, () => expect(check(url)).resolves.toBeUndefined())
  }

  const refusals: Record<string, RegExp> = {
    'https://inside.example/in': /inside.example leads to a private address \(10.0.0.7\)/,
    'https://meta.example/': /private address/,
    'https://10.0.0.7/in': /not a public address/,
    'http://localhost:4000/in': /this machine itself/,
    'https://provider.example:25/': /Port 25/,
    nonsense: /not a full URL/,
  }
  for (const [url, message] of Object.entries(refusals)) {
    test(`${url} is refused`, async () => {
      const details = [{ path: 'providerUrl', message: expect.stringMatching(message) }]
      await expect(check(url)).rejects.toMatchObject({ code: 'invalid_input', details })
    })
  }

  test('private names pass where the installation allows them, metadata services never', async () => {
    await expect(check('https://inside.example/in', { allowPrivate: true })).resolves.toBeUndefined()
    await expect(check('https://meta.example/', { allowPrivate: true })).rejects.toThrow()
  })

  test('our own sandbox passes wherever it lives', async () => {
    const own = { allowedOrigins: ['http://localhost:3000'] }
    await expect(check('http://localhost:3000/sandbox/provider/x', own)).resolves.toBeUndefined()
    await expect(check('http://localhost:3001/sandbox/provider/x', own)).rejects.toThrow()
  })
})
