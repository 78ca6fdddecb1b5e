import { expect, test } from 'vitest'
import { makeFileLink, readFileLink } from '#lib/endpoints/file-links'
import { sealingKeys } from '#lib/secrets'

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64')
const keys = sealingKeys(key(1), '')
const now = new Date('2026-01-01T00:00:00Z')
const file = {
  messageId: '0190a8c0-7c11-7abc-8def-0123456789ab',
  index: 3,
  expiresAt: new Date('2026-01-02T00:00:00Z'),
}
const token = makeFileLink({ keys, publicUrl: 'https://p.example' }, file).slice('https://p.example/api/files/'.length)

test('a link gives back what it was made for', () => {
  expect(readFileLink(token, { keys, now })).toEqual(file)
})

test('a link outlives a change of the key as long as the earlier key is configured', () => {
  expect(readFileLink(token, { keys: sealingKeys(key(2), key(1)), now })).toEqual(file)
  expect(() => readFileLink(token, { keys: sealingKeys(key(2), ''), now })).toThrow(
    expect.objectContaining({ code: 'not_found' }),
  )
})

test('a link ends to the second', () => {
  expect(() => readFileLink(token, { keys, now: file.expiresAt })).toThrow(expect.objectContaining({ code: 'gone' }))
})

test('no character of a link can be changed', () => {
  for (let at = 0; at < token.length; at += 1) {
    const changed = `${token.slice(0, at)}${token[at] === '0' ? '1' : '0'}${token.slice(at + 1)}`
    expect(() => readFileLink(changed, { keys, now })).toThrow(expect.objectContaining({ code: 'not_found' }))
  }
})
