import { describe, expect, test } from 'vitest'
import { safePath } from '#lib/http/safe-path'

describe('the page to go on to after signing in', () => {
  test('is the one that was asked for, with its filters', () => {
    expect(safePath('/messages?status=failed&q=a%20b')).toBe('/messages?status=failed&q=a%20b')
    expect(safePath('/channels/01890a5d')).toBe('/channels/01890a5d')
  })

  const elsewhere = [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    'messages',
    '',
    null,
    ['/messages'],
    '/login?next=/login',
    '/api/auth/signout',
    '/setup',
  ]
  for (const asked of elsewhere) {
    test(`is the overview, not ${JSON.stringify(asked)}`, () => {
      expect(safePath(asked)).toBe('/')
    })
  }
})
