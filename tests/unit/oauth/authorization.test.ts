import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leadBack, readAuthorization } from '#lib/oauth/authorization'
import { readClient } from '#lib/oauth/client'

const REDIRECT = 'https://app.frontapp.com/oauth/callback'
const app = { oauthClientId: 'client_1', redirectHosts: ['*.frontapp.com'], pinnedRedirectUri: null }
const read = (query: Record<string, unknown>) => readAuthorization({ app, ownOrigin: null, query })

describe('a request to authorize', () => {
  test('needs nothing but the address to come back to', () => {
    expect(read({ redirect_uri: REDIRECT })).toEqual({ redirect_uri: REDIRECT })
  })

  test('may hold all that the standard knows, and more', () => {
    const query = { redirect_uri: REDIRECT, state: 'é "1"', client_id: 'client_1', response_type: 'code', scope: 'a b' }
    expect(read({ ...query, prompt: 'consent' })).toEqual(query)
  })

  test.each([
    ['without an address', {}, 'where in Front to come back to'],
    ['with an empty address', { redirect_uri: '' }, 'where in Front to come back to'],
    ['with an address given twice', { redirect_uri: [REDIRECT, REDIRECT] }, 'where in Front to come back to'],
    [
      'for a hostile address',
      { redirect_uri: 'https://frontapp.com.evil.example/' },
      'frontapp.com.evil.example is not among',
    ],
    ['for another client', { redirect_uri: REDIRECT, client_id: 'client_2' }, 'client ID'],
    ['for a token instead of a code', { redirect_uri: REDIRECT, response_type: 'token' }, 'something else than a code'],
    ['with two states', { redirect_uri: REDIRECT, state: ['a', 'b'] }, '“state”'],
  ])('%s leads nowhere, and the person is told why', (_what, query, why) => {
    expect(read(query)).toContain(why)
  })
})

describe('the way back', () => {
  test.each([
    [REDIRECT, `${REDIRECT}?code=c`],
    [`${REDIRECT}?tenant=7`, `${REDIRECT}?tenant=7&code=c`],
    ['https://app.frontapp.com', 'https://app.frontapp.com?code=c'],
  ])('from %s is that address with the answer added', (redirect_uri, expected) => {
    expect(leadBack({ redirect_uri }, { code: 'c' })).toBe(expected)
  })

  test('brings every state back as it came', () => {
    const anyText = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed())
    fc.assert(
      fc.property(anyText, (state) => {
        const to = leadBack({ redirect_uri: REDIRECT, state }, { code: 'c' })
        expect(new URL(to).searchParams.get('state')).toBe(state)
      }),
    )
  })
})

describe('the client that a call shows', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  test.each([
    ['by Basic', basic('a:b'), {}, { form: 'basic', id: 'a', secret: 'b' }],
    ['by Basic, with a colon in its secret', basic('a:b:c'), {}, { form: 'basic', id: 'a', secret: 'b:c' }],
    ['by Basic, without a secret', basic('a'), {}, { form: 'basic', id: 'a', secret: null }],
    [
      'by Basic before the body',
      basic('a:b'),
      { client_id: 'x', client_secret: 'y' },
      { form: 'basic', id: 'a', secret: 'b' },
    ],
    ['in the body', null, { client_id: 'a', client_secret: 'b' }, { form: 'body', id: 'a', secret: 'b' }],
    [
      'in the body beside a bearer',
      'Bearer x',
      { client_id: 'a', client_secret: 'b' },
      { form: 'body', id: 'a', secret: 'b' },
    ],
    ['by its secret alone', null, { client_secret: 'b' }, { form: 'body', id: null, secret: 'b' }],
    ['not at all', null, {}, { form: 'none', id: null, secret: null }],
    ['by something that is no Basic', 'Basic ???', {}, { form: 'none', id: null, secret: null }],
  ])('%s', (_how, authorization, fields, expected) => {
    expect(readClient(authorization, fields)).toEqual(expected)
  })
})
