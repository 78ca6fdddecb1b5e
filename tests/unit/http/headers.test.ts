import { expect, test } from 'vitest'
import { callerAddress } from '#lib/http/caller-address'
import { maskHeaders } from '#lib/http/mask-headers'

const from = (forwarded: string) => new Headers({ 'x-forwarded-for': forwarded })

test('the address is the one that our own server noted, whatever the caller claims', () => {
  expect(callerAddress(from('192.0.2.1'), 0)).toBe('192.0.2.1')
  expect(callerAddress(from('6.6.6.6, 192.0.2.1'), 0)).toBe('192.0.2.1')
})

test('each trusted proxy moves it one to the left', () => {
  expect(callerAddress(from('6.6.6.6, 192.0.2.1, 10.0.0.1'), 1)).toBe('192.0.2.1')
  expect(callerAddress(from('192.0.2.1'), 3)).toBe('192.0.2.1')
  expect(callerAddress(new Headers(), 0)).toBeNull()
})

test('secrets are masked by name, schemes stay', () => {
  const masked = maskHeaders(
    new Headers({
      Authorization: 'Bearer pbk_secret',
      Cookie: 'session=secret',
      'X-Front-Signature': 'secret',
      'X-My-Token': 'secret',
      'X-Api-Key': 'secret',
      Accept: 'text/html',
    }),
  )
  expect(masked).toMatchObject({ authorization: 'Bearer [masked]', cookie: '[masked]', accept: 'text/html' })
  expect(JSON.stringify(masked)).not.toContain('secret')
})

test('what is kept is bounded in number and length', () => {
  const many = Array.from({ length: 500 }, (_, n): [string, string] => [`x-${n}`, 'v'.repeat(100_000)])
  const kept = maskHeaders(many)
  expect(Object.keys(kept)).toHaveLength(60)
  expect(kept['x-0']).toHaveLength(1000)
})
