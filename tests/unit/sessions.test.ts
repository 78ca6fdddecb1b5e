import { decode, encode } from 'next-auth/jwt'
import { describe, expect, test } from 'vitest'
import { parseEnv } from '#lib/env'
import { encodeSession, LONGEST_S, readClaims, renewSession, seconds, sessionCookie } from '#lib/sessions'

const secret = 'a secret of the tests'
const userId = '01890a5d-ac96-774b-bcce-b302099a8057'
const later = (s: number) => new Date(Date.now() + s * 1000)

function environment(publicUrl: string) {
  return parseEnv({
    DATABASE_URL: 'postgres://localhost/none',
    PATCHBAY_KEY: Buffer.alloc(32, 7).toString('base64'),
    PUBLIC_URL: publicUrl,
  })
}

describe('the session cookie', () => {
  test('is readable by no script and sent by no other site; under https also by no plain connection', () => {
    const { name, options } = sessionCookie(environment('https://patchbay.example'))
    expect(name).toBe('__Secure-next-auth.session-token')
    expect(options).toEqual({ httpOnly: true, sameSite: 'lax', path: '/', secure: true })
  })

  test('works without https on a machine of one’s own', () => {
    const { name, options } = sessionCookie(environment('http://localhost:3000'))
    expect(name).toBe('next-auth.session-token')
    expect(options.secure).toBe(false)
  })
})

describe('a session', () => {
  const claims = () => ({ userId, epoch: 3, startedAt: seconds(new Date()) })

  test('reads back what was written', async () => {
    const written = claims()
    const token = await decode({ token: await encodeSession(written, secret), secret })
    expect(readClaims(token, new Date())).toEqual(written)
  })

  test('ends after two weeks even when it is used every day', () => {
    const written = claims()
    expect(readClaims(written, later(LONGEST_S - 60))).toEqual(written)
    expect(readClaims(written, later(LONGEST_S + 60))).toBeNull()
  })

  test('is not read from a token of another shape', () => {
    expect(readClaims({ sub: 'somebody' }, new Date())).toBeNull()
    expect(readClaims(null, new Date())).toBeNull()
  })

  test('in use gets a new day, keeping its beginning', async () => {
    const written = claims()
    const renewed = await renewSession(await encodeSession(written, secret), { secret, now: later(2 * 3600) })
    const token = renewed && (await decode({ token: renewed, secret }))
    expect(readClaims(token, new Date())).toEqual(written)
  })

  test('that is fresh, too old, or sealed with another secret is not renewed', async () => {
    const fresh = await encodeSession(claims(), secret)
    const foreign = await encode({ token: claims(), secret: 'another' })
    expect(await renewSession(fresh, { secret, now: later(60) })).toBeNull()
    expect(await renewSession(fresh, { secret, now: later(LONGEST_S + 60) })).toBeNull()
    expect(await renewSession(foreign, { secret, now: later(2 * 3600) })).toBeNull()
    expect(await renewSession('nonsense', { secret, now: later(2 * 3600) })).toBeNull()
  })
})
