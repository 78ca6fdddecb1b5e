import { describe, expect, test } from 'vitest'
import { checkRedirect } from '#lib/oauth/redirect-rule'

const rule = {
  hosts: ['*.frontapp.com', '*.front.com', 'front.example', '*.front.test:8443'],
  pinned: null,
  ownOrigin: null,
}
const allowed = (uri: string, more: { pinned?: string; ownOrigin?: string } = {}) =>
  checkRedirect(uri, { ...rule, ...more }).ok

describe('a browser is led back', () => {
  test.each([
    'https://app.frontapp.com/oauth/callback',
    'https://eu.app.front.com/x?y=1',
    'https://APP.FrontApp.com/oauth',
    'https://front.example/',
    'https://front.example',
    'https://front.example?tenant=7',
    'https://app.front.test:8443/x',
  ])('to %s', (uri) => {
    expect(allowed(uri)).toBe(true)
  })

  test('to our own origin where the sandbox plays Front, and only there', () => {
    const uri = 'http://localhost:3000/sandbox/callback'
    expect(allowed(uri, { ownOrigin: 'http://localhost:3000' })).toBe(true)
    expect(allowed(uri)).toBe(false)
    for (const other of [
      'http://localhost:3001/x',
      'http://localhost:30001/x',
      'http://localhost:3000@evil.example/x',
    ]) {
      expect(allowed(other, { ownOrigin: 'http://localhost:3000' })).toBe(false)
    }
  })

  test('only to the place that Front used before, once that is known', () => {
    const pinned = 'https://app.frontapp.com/oauth/callback'
    expect(allowed(pinned, { pinned })).toBe(true)
    expect(allowed(`${pinned}?x=1`, { pinned })).toBe(false)
    expect(allowed('https://app.frontapp.com/other', { pinned })).toBe(false)
  })
})

test.each([
  '',
  'app.frontapp.com',
  '//app.frontapp.com/x',
  'http://app.frontapp.com/x',
  'javascript:alert(1)//app.frontapp.com',
  'data:text/html,x',
  'https://frontapp.com/x',
  'https://frontapp.com.evil.example/x',
  'https://evilfrontapp.com/x',
  'https://app.frontapp.com.evil.example/x',
  'https://evil.example/app.frontapp.com',
  'https://evil.example?x=.frontapp.com',
  'https://evil.example#.frontapp.com',
  'https://app.frontapp.com/x#code',
  'https://app.frontapp.com@evil.example/x',
  'https://user:pass@app.frontapp.com/x',
  'https://app.frontapp.com:8443/x',
  'https://app.frontapp.com:443/x',
  'https://app.frontapp.com:/x',
  'https://app.front.test/x',
  'https://app.front.test:8444/x',
  'https://.frontapp.com/x',
  'https://evil..frontapp.com/x',
  'https://-.frontapp.com/x',
  'https://*.frontapp.com/x',
  'https://app_1;x.frontapp.com/x',
  'https://app.frontapp.com&@evil.example/x',
  'https://evil.example\\.frontapp.com/x',
  'https:/\\app.frontapp.com/x',
  'https:app.frontapp.com/x',
  'https:///app.frontapp.com/x',
  ' https://app.frontapp.com/x',
  'https://app.frontapp.com/x\n',
  'https://app.front\tapp.com/x',
  'https://аpp.frontapp.com/x',
  'https://app%2Efrontapp.com/x',
  'https://app.frontapp.com./x',
  'https://127.0.0.1/x',
  `https://app.frontapp.com/${'x'.repeat(2000)}`,
])('never to %j', (uri) => {
  expect(allowed(uri)).toBe(false)
})
