import { expect, test } from 'vitest'
import { appSettings } from '#lib/channels/app-settings'

const fields = {
  name: 'Messenger',
  uid: '64711a73def367ca',
  authMethod: 'oauth',
  credentials: 'private',
  composer: 'basic',
  timeline: 'chat',
  notes: '',
  errorStatus: 'ok',
}

test.each([
  ['*.frontapp.com', ['*.frontapp.com']],
  ['*.FrontApp.com, *.front.com\n*.front.com', ['*.frontapp.com', '*.front.com']],
  ['app.front.com', ['app.front.com']],
  ['', []],
])('the redirect hosts %j are taken', (redirectHosts, hosts) => {
  expect(appSettings.parse({ ...fields, redirectHosts }).redirectHosts).toEqual(hosts)
})

test.each([
  '*',
  '*.com',
  'app.front.com:8443',
  'https://app.frontapp.com',
  'app.frontapp.com/path',
  'a*.front.com',
  'evil@front.com',
])('the redirect host %j is refused', (redirectHosts) => {
  const { error } = appSettings.safeParse({ ...fields, redirectHosts })
  expect(error?.issues).toMatchObject([{ path: ['redirectHosts'] }])
})
