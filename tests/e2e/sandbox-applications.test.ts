import type { Page } from '@playwright/test'
import { findSandboxCompany } from '#db/queries/sandbox-company'
import { appAddresses } from '#lib/channels/addresses'
import { registerApp } from '#lib/flows/register-app'
import { mintChannelToken } from '#lib/front/channel-token'
import { SANDBOX_APP_UID, sandboxAppSecret } from '#lib/sandbox/identity'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { exploreAs } from '#tests/support/explored'
import * as sandbox from '#tests/support/sandbox-pages'
import type { TestServer } from '#tests/support/server'
import { keysOf } from '#tests/support/signed-in'

test.describe.configure({ mode: 'serial' })
test.beforeAll(startOver)

const CHAT = 'Sandbox app chat'

function messagesOf(page: Page) {
  return page.getByRole('list', { name: 'Messages' })
}

test('a message crosses an application channel, its answer comes back, and a rule answers the next one', async ({
  page,
  context,
  browser,
  server,
  db,
}) => {
  await exploreAs('owner', { server, db, context })
  await sandbox.exploreApplication(page)
  const link = page.getByRole('link', { name: `Open the visitor’s chat: ${CHAT}` })
  const channelKey = (await link.getAttribute('href'))?.split('/').at(-1) ?? ''
  const visitor = await sandbox.openChat({ browser, server }, { channelKey, name: 'Ada Lovelace' })
  await sandbox.writeAsVisitor(visitor, 'Where is my order?')
  await sandbox.openInInbox(page, 'Ada Lovelace')
  await sandbox.replyInInbox(page, 'It leaves today.')
  await expect(visitor.getByText('It leaves today.')).toBeVisible()
  await page.getByRole('button', { name: 'Switch auto-reply on' }).click()
  await expect(page.getByRole('button', { name: 'Switch auto-reply off' })).toBeVisible()
  await sandbox.writeAsVisitor(visitor, 'Thank you!')
  await expect(visitor.getByText(/We answer as soon as we can/)).toBeVisible()
  await expect(messagesOf(page).getByText('Auto-reply', { exact: true })).toBeVisible()
  await visitor.context().close()
})

test('two conversations that a teammate merges go on as one', async ({ page, context, server, db }) => {
  await exploreAs('owner', { server, db, context })
  await sandbox.composeInInbox(page, { channel: CHAT, to: 'grace', text: 'Good morning' })
  await page.getByText('Merge with another conversation').click()
  await page.getByLabel('Merge into').selectOption({ label: await optionOf(page, 'Ada Lovelace') })
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await expect(page.getByRole('heading', { level: 2, name: 'Ada Lovelace' })).toBeVisible()
  await expect(messagesOf(page).getByText('Good morning')).toBeVisible()
  await expect(page.getByText(/external ids pb-\w+, pb-\w+/)).toBeVisible()
})

/** The whole label of the choice that begins with a name. */
async function optionOf(page: Page, name: string): Promise<string> {
  const labels = await page.getByLabel('Merge into').getByRole('option').allTextContents()
  return labels.find((label) => label.startsWith(name)) ?? ''
}

/** Calls the sandbox's API as the app that exploring made. */
async function callFront(server: TestServer, method: string, path: string, json: object): Promise<number> {
  const app = { uid: SANDBOX_APP_UID, secret: sandboxAppSecret(keysOf(server)) }
  const jti = `${method} ${path} ${Math.random()}`
  const token = await mintChannelToken({ app, channelId: 'cha_sandboxapp', now: new Date(), jti })
  const { status } = await fetch(`${server.url}/sandbox/front/channels/cha_sandboxapp${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })
  return status
}

test('a phone call is a timeline in the inbox', async ({ page, context, server, db }) => {
  await exploreAs('owner', { server, db, context })
  const call = { external_call_id: 'call-7', parent_external_call_id: 'call-7', initial_status: 'ringing' }
  const from = { handle: '+33612345678', name: 'Grace Hopper' }
  expect(await callFront(server, 'POST', '/calls', { ...call, direction: 'inbound', from })).toBe(202)
  expect(await callFront(server, 'PATCH', '/calls/call-7', { call_status: 'hangup' })).toBe(202)
  expect(await callFront(server, 'POST', '/calls/call-7/summary', { content: 'A late order.' })).toBe(202)
  await sandbox.openInInbox(page, 'Grace Hopper')
  const events = page.getByRole('list', { name: 'What happened: Call from Grace Hopper' })
  await expect(events.getByRole('listitem')).toHaveText([/Ringing/, /Hung up/, /A late order\./])
})

test('a sign-in comes back and connects a channel once, whatever fetches the page twice', async ({
  page,
  context,
  server,
  db,
  sql,
}) => {
  const { email: actor } = await exploreAs('owner', { server, db, context })
  const { uid, secret } = await sandbox.registerSandboxApp(page, { name: 'Numbers', authentication: 'OAuth' })
  const companyId = (await findSandboxCompany(db))?.id ?? ''
  const described = { companyId, name: 'Numbers', uid, secret, authMethod: 'oauth', credentials: 'private' } as const
  const made = await registerApp(db, { ...described, actor, keys: keysOf(server), now: new Date() })
  const {
    server: serverUrl,
    authorize,
    token,
    introspect,
  } = appAddresses({ publicUrl: server.url, appKey: made.app.key })
  await sandbox.saveSandboxApp(page, uid, {
    'Server URL': serverUrl,
    'Authorize URL': authorize,
    'Token URL': token,
    'Token introspection URL': introspect,
    'Client ID': made.app.oauthClientId,
    'Client secret': made.oauthClientSecret ?? '',
  })
  await sandbox.leaveForSignIn(page, { uid })
  await page.getByLabel('Name of the new channel').fill('Berlin office')
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
  await expect(page.getByText('Berlin office is connected')).toBeVisible()
  const [row] = await sql`select count(*)::int as channels from sandbox_channels where app_uid = ${uid}`
  expect(row?.channels).toBe(1)
})
