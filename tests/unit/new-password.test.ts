import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { newPassword } from '#lib/new-password'
import { passwordFault } from '#lib/password-strength'

test('a made password is easy to read aloud, strong, and another one each time', () => {
  const made = Array.from({ length: 50 }, () => newPassword(randomInt))
  expect(new Set(made).size).toBe(50)
  for (const password of made) {
    expect(password).toMatch(/^[a-hj-km-np-z2-9]{5}(-[a-hj-km-np-z2-9]{5}){3}$/)
    expect(passwordFault(password)).toBeNull()
  }
})
