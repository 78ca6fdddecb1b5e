import { describe, expect, test } from 'vitest'
import { mergeHeaders, sealHeaders, unsealHeaders } from '#lib/channels/provider-headers'
import { sealingKeys } from '#lib/secrets'

const keys = sealingKeys(Buffer.alloc(32, 7).toString('base64'), '')

describe('extra headers', () => {
  test('keep a value that is not typed again, whatever the case of the name', () => {
    expect(mergeHeaders([{ name: 'x-api-key', value: '' }], { 'X-Api-Key': 'old' })).toEqual({
      ok: true,
      headers: { 'x-api-key': 'old' },
    })
  })

  test('lose what the form no longer names and ignore empty rows', () => {
    const inputs = [
      { name: ' X-Team ', value: ' blue ' },
      { name: '', value: '' },
    ]
    expect(mergeHeaders(inputs, { 'X-Api-Key': 'old' })).toEqual({ ok: true, headers: { 'X-Team': 'blue' } })
  })

  const refusals: Record<string, [{ name: string; value: string }[], RegExp]> = {
    'a new name without a value': [[{ name: 'X-New', value: '' }], /X-New needs a value/],
    'a value without a name': [[{ name: '', value: 'x' }], /not a header name/],
    'a name with a space': [[{ name: 'X Y', value: 'x' }], /not a header name/],
    'a value that would end the header': [[{ name: 'X', value: 'a\r\nhost: b' }], /cannot carry/],
    'the same name twice': [
      [
        { name: 'X', value: '1' },
        { name: 'x', value: '2' },
      ],
      /there twice/,
    ],
    'our own signature': [[{ name: 'Webhook-Signature', value: 'v1,x' }], /set by Patchbay/],
    'the host': [[{ name: 'Host', value: 'other.example' }], /set by Patchbay/],
    'a length': [[{ name: 'Content-Length', value: '3' }], /set by Patchbay/],
    'twenty-one headers': [Array.from({ length: 21 }, (_, n) => ({ name: `X-${n}`, value: 'x' })), /At most 20/],
  }
  for (const [what, [inputs, problem]] of Object.entries(refusals)) {
    test(`refuse ${what}`, () => {
      expect(mergeHeaders(inputs, {})).toEqual({ ok: false, problem: expect.stringMatching(problem) })
    })
  }

  test('are sealed whole and come back as they were', () => {
    const sealed = sealHeaders({ Authorization: 'Bearer abc' }, keys)
    expect(sealed).not.toContain('abc')
    expect(unsealHeaders(sealed, keys)).toEqual({ Authorization: 'Bearer abc' })
    expect(sealHeaders({}, keys)).toBeNull()
    expect(unsealHeaders(null, keys)).toEqual({})
  })
})
