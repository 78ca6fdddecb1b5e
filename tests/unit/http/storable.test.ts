import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, storableJson, storableText } from '#lib/http/storable'

const bytes = (text: string) => new TextEncoder().encode(text)

test('leaves out what Postgres cannot hold and keeps the rest', () => {
  expect(storableText('a\u0000b\ud800c😀')).toBe('ab\ufffdc😀')
  expect(storableJson({ 'k\u0000': ['v\u0000', 1, null, true] })).toEqual({ k: ['v', 1, null, true] })
})

test('no key reaches a prototype, not even one that hides behind a NUL', () => {
  const value = parseJson(
    bytes('{"__proto__":{"x":1},"__pro\\u0000to__":{"x":1},"constructor":{"prototype":{"x":1}},"a":1}'),
  )
  expect(value).toEqual({ a: 1 })
  expect(Reflect.get({}, 'x')).toBeUndefined()
})

test('says why a body is no JSON', () => {
  expect(() => parseJson(bytes('{"a":'))).toThrow(expect.objectContaining({ code: 'bad_request' }))
  expect(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(/not UTF-8/)
})

test('refuses endless nesting instead of breaking', () => {
  expect(() => parseJson(bytes('['.repeat(100_000) + ']'.repeat(100_000)))).toThrow(/nested deeper/)
  expect(parseJson(bytes(`${'['.repeat(60)}${']'.repeat(60)}`))).toBeDefined()
})

test('whatever JSON comes, what is stored has no NUL and is well formed', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\u0000', '\ud800', '\udc00') })
  fc.assert(
    fc.property(fc.dictionary(text, fc.array(fc.dictionary(text, text))), (value) => {
      const written = JSON.stringify(parseJson(bytes(JSON.stringify(value))))
      expect(written).not.toContain('\\u0000')
      expect(written.isWellFormed()).toBe(true)
    }),
  )
})
