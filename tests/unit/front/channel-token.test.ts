import { createHmac } from 'node:crypto'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { channelAccess, mintChannelToken, verifyChannelToken } from '#lib/front/channel-token'

const app = { uid: '64711a73def367ca', secret: 'front_test_secret' }
const now = new Date(1_694_761_190_000)
const nowS = now.getTime() / 1000
const wanted = { app, channelId: 'cha_123', now, jti: '801f4e544049244b' }
const secretOf = (uid: string) => (uid === app.uid ? app.secret : null)

/** Signs by hand, so that anything can be in a token. */
function forge(payload: unknown, { header = { alg: 'HS256', typ: 'JWT' } as object, secret = app.secret } = {}) {
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

const claims = { iss: app.uid, jti: 'j-1', sub: 'cha_123', exp: nowS + 20 }

test('a token is the known one, byte for byte', async () => {
  expect(await mintChannelToken(wanted)).toBe(
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiI2NDcxMWE3M2RlZjM2N2NhIiwianRpIjoiODAxZjRlNTQ0MDQ5MjQ0YiIsInN1YiI6ImNoYV8xMjMiLCJleHAiOjE2OTQ3NjEyMTB9.3OyhJOwef36N2qFlIrc6KjfMXmnvZKPSpzfF_JgEXIk',
  )
})

test('a token never lives longer than it should, wherever in a second it is minted', async () => {
  const token = await mintChannelToken({ ...wanted, now: new Date(now.getTime() + 999), lifetimeS: 30 })
  expect(decodeJwt(token).exp).toBe(nowS + 30)
})

for (const lifetimeS of [0, -1, 30.5, 31, 3600, Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`a lifetime of ${lifetimeS} s is refused`, () => {
    expect(() => mintChannelToken({ ...wanted, lifetimeS })).toThrow(RangeError)
  })
}

test('nothing is signed with an empty secret', () => {
  expect(() => mintChannelToken({ ...wanted, app: { ...app, secret: '' } })).toThrow(/app secret/)
})

test('access carries the token to the base URL that was asked for', async () => {
  const access = await channelAccess({ ...wanted, baseUrl: 'https://front.example' })
  expect(access).toEqual({ baseUrl: 'https://front.example', token: await mintChannelToken(wanted) })
})

describe('Front’s side', () => {
  test('reads who asks, for which channel, under which id, until when', async () => {
    const verdict = await verifyChannelToken(await mintChannelToken(wanted), { secretOf, now })
    const expected = { iss: app.uid, sub: 'cha_123', jti: '801f4e544049244b', exp: nowS + 20 }
    expect(verdict).toEqual({ ok: true, claims: expected })
  })

  test('takes a token that lives for exactly 30 seconds, and a key that is looked up elsewhere', async () => {
    const token = forge({ ...claims, exp: nowS + 30 })
    const verdict = await verifyChannelToken(token, { secretOf: async (uid) => secretOf(uid), now })
    expect(verdict.ok).toBe(true)
  })

  const { jti, sub, exp, iss } = claims
  const good = forge(claims)
  const refusals: [string, string, string][] = [
    ['no token', '', 'malformed'],
    ['something else', 'an-api-token', 'malformed'],
    ['a payload that is no JSON', good.replace(/\.[^.]+\./, '.e30x.'), 'malformed'],
    [
      'a changed payload',
      [...good.split('.').slice(0, 1), forge({ ...claims, sub: 'cha_9' }).split('.')[1], good.split('.')[2]].join('.'),
      'bad_signature',
    ],
    ['another secret', forge(claims, { secret: 'oauth_client_secret' }), 'bad_signature'],
    ['a token without a signature', `${good.split('.').slice(0, 2).join('.')}.`, 'bad_signature'],
    ['an unsigned token that says so', forge(claims, { header: { alg: 'none' } }), 'wrong_algorithm'],
    ['another algorithm', forge(claims, { header: { alg: 'HS512' } }), 'wrong_algorithm'],
    ['a header that must be understood', forge(claims, { header: { alg: 'HS256', crit: ['x'], x: 1 } }), 'malformed'],
    ['an app that is not known', forge({ ...claims, iss: 'other' }), 'unknown_issuer'],
    ['a number for an app', forge({ ...claims, iss: 64711 }), 'missing_claim'],
    ['no issuer', forge({ jti, sub, exp }), 'missing_claim'],
    ['no channel', forge({ iss, jti, exp }), 'missing_claim'],
    ['a channel without a name', forge({ ...claims, sub: '' }), 'missing_claim'],
    ['no id', forge({ iss, sub, exp }), 'missing_claim'],
    ['no end', forge({ iss, sub, jti }), 'missing_claim'],
    ['an end in words', forge({ ...claims, exp: 'soon' }), 'malformed'],
    ['a token that ended', forge({ ...claims, exp: nowS - 1 }), 'expired'],
    ['a token that ends now', forge({ ...claims, exp: nowS }), 'expired'],
    ['a token for 31 seconds', forge({ ...claims, exp: nowS + 31 }), 'lives_too_long'],
    ['an end in milliseconds', forge({ ...claims, exp: now.getTime() + 20_000 }), 'lives_too_long'],
    ['a token that begins later', forge({ ...claims, nbf: nowS + 5 }), 'malformed'],
  ]
  for (const [what, token, reason] of refusals) {
    test(`refuses ${what}`, async () => {
      expect(await verifyChannelToken(token, { secretOf, now })).toEqual({ ok: false, reason })
    })
  }

  test('lets a failing look-up of the secret be seen', async () => {
    const broken = () => Promise.reject(new Error('the database is away'))
    await expect(verifyChannelToken(good, { secretOf: broken, now })).rejects.toThrow('the database is away')
  })
})
