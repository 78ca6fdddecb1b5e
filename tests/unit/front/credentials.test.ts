import { expect, test } from 'vitest'
import { readCredentials } from '#lib/front/credentials'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

test.each<[string, Record<string, string>, [string, string][]]>([
  ['a bearer token', { authorization: 'Bearer pbc_1' }, [['bearer', 'pbc_1']]],
  ['a bearer token in other letters and spaces', { authorization: 'bearer   pbc_1 ' }, [['bearer', 'pbc_1']]],
  [
    'Basic: the password before the user',
    { authorization: basic('ada:pbc_1') },
    [
      ['basic', 'pbc_1'],
      ['basic', 'ada'],
    ],
  ],
  ['Basic with a token alone', { authorization: basic('pbc_1') }, [['basic', 'pbc_1']]],
  [
    'Basic with colons in the password',
    { authorization: basic('a:b:c') },
    [
      ['basic', 'b:c'],
      ['basic', 'a'],
    ],
  ],
  ['an API key header', { 'x-api-key': 'pbc_1' }, [['api_key_header', 'pbc_1']]],
  ['a token without a scheme', { authorization: 'pbc_1' }, [['bare', 'pbc_1']]],
  [
    'several at once',
    { authorization: 'Bearer a', 'x-api-key': 'b' },
    [
      ['bearer', 'a'],
      ['api_key_header', 'b'],
    ],
  ],
  ['nothing', {}, []],
  ['an empty header', { authorization: ' ', 'x-api-key': '' }, []],
  ['a token beyond all measure', { authorization: `Bearer ${'x'.repeat(513)}` }, []],
])('reads %s', (_what, headers, expected) => {
  expect(readCredentials(new Headers(headers)).map(({ form, token }) => [form, token])).toEqual(expected)
})
