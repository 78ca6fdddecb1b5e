import { parseOptions } from '@node-rs/argon2'
import { describe, expect, test } from 'vitest'
import { passwordFault } from '#lib/password-strength'
import { hashPassword, NOBODYS_HASH, verifyPassword } from '#lib/passwords'

const GOOD = 'tulip harbor violet 93'

describe('hashing', () => {
  test('a password verifies against its own hash and no other one does', async () => {
    const hashed = await hashPassword(GOOD)
    expect(await verifyPassword(hashed, GOOD)).toBe(true)
    expect(await verifyPassword(hashed, `${GOOD} `)).toBe(false)
  })

  test('two hashes of one password differ, because each has its own salt', async () => {
    expect(await hashPassword(GOOD)).not.toBe(await hashPassword(GOOD))
  })

  test('the same letters in another Unicode form are the same password', async () => {
    const hashed = await hashPassword('caf\u00e9 tulip harbor')
    expect(await verifyPassword(hashed, 'cafe\u0301 tulip harbor')).toBe(true)
  })

  test('nobody is let in without a hash, not even with the stand-in’s own password', async () => {
    expect(await verifyPassword(null, 'unknown')).toBe(false)
    expect(await verifyPassword(NOBODYS_HASH, 'unknown')).toBe(true)
  })

  test('the stand-in costs exactly what a real hash costs, so time tells nothing', async () => {
    expect(parseOptions(NOBODYS_HASH)).toEqual(parseOptions(await hashPassword(GOOD)))
  })

  test('hashes are argon2id with at least 46 MiB', async () => {
    const hashed = await hashPassword(GOOD)
    expect(hashed).toMatch(/^\$argon2id\$/)
    expect(parseOptions(hashed).memoryCost).toBeGreaterThanOrEqual(46 * 1024)
  })
})

describe('strength', () => {
  test('a few unrelated words are enough', () => {
    expect(passwordFault(GOOD, ['ada@example.com', 'Ada', 'Acme'])).toBeNull()
  })

  const weak: Record<string, [string, RegExp]> = {
    'a short one': ['h7$Kq!2z', /at least 12 characters/],
    'a much used one': ['password1234', /used password/],
    'repeated characters': ['aaaaaaaaaaaaaaaa', /Repeated characters/],
    'a row of keys': ['qwertyuiop[]', /./],
    'one beyond every limit': ['ab'.repeat(150), /at most 200 characters/],
  }
  for (const [what, [password, words]] of Object.entries(weak)) {
    test(`refuses ${what} and says why`, () => {
      expect(passwordFault(password)).toMatch(words)
    })
  }

  test('a password made of one’s own e-mail and company does not pass', () => {
    const password = 'wintersmith-lovelace'
    expect(passwordFault(password)).toBeNull()
    expect(passwordFault(password, ['wintersmith@lovelace.example'])).toMatch(/easy to guess|too close/)
  })
})
