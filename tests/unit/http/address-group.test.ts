import { expect, test } from 'vitest'
import { addressGroup } from '#lib/http/address-group'

test('an IPv4 address stands for itself, however it is written', () => {
  expect(addressGroup('203.0.113.9')).toBe('203.0.113.9')
  expect(addressGroup('::ffff:203.0.113.9')).toBe('203.0.113.9')
})

test('IPv6 addresses of one network count as one caller', () => {
  const group = '2001:db8:1:2::/64'
  expect(addressGroup('2001:db8:1:2:aaaa:bbbb:cccc:dddd')).toBe(group)
  expect(addressGroup('2001:0DB8:0001:0002::1')).toBe(group)
  expect(addressGroup('2001:db8:1:3::1')).not.toBe(group)
  expect(addressGroup('::1')).toBe('0:0:0:0::/64')
})
