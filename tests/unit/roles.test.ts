import { expect, test } from 'vitest'
import { atLeastRole } from '#lib/roles'

test('each role may do what the lower ones may, and nothing of the higher ones', () => {
  expect(atLeastRole('owner', 'viewer')).toBe(true)
  expect(atLeastRole('admin', 'admin')).toBe(true)
  expect(atLeastRole('admin', 'owner')).toBe(false)
  expect(atLeastRole('support', 'admin')).toBe(false)
  expect(atLeastRole('viewer', 'support')).toBe(false)
})
