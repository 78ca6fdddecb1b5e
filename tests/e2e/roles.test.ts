import { listUsers } from '#db/queries/users'
import type { Role } from '#db/schema/users'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { createApp, createApplicationChannel } from '#tests/support/applications'
import { copyAction, sendCopied } from '#tests/support/copied-action'
import { createChannel, createConversation, createMessage } from '#tests/support/factories'
import { readSecret } from '#tests/support/read-secret'
import { keysOf, signInAs } from '#tests/support/signed-in'

test.beforeAll(startOver)

const REFUSED = /You may not see this page|could not be (loaded|shown)/
const SOME_PAGES: Record<
  string,
  { enough: Role; tooLow: Role; path: (channelId: string, appId: string, ofApp: string) => string }
> = {
  'the keys of a channel': { enough: 'admin', tooLow: 'support', path: (id) => `/channels/${id}/keys` },
  'the settings of a channel': { enough: 'admin', tooLow: 'support', path: (id) => `/channels/${id}/settings` },
  'a new template': { enough: 'admin', tooLow: 'support', path: (_, __, id) => `/channels/${id}/templates/new` },
  'a new channel': { enough: 'admin', tooLow: 'support', path: () => '/channels/new' },
  'a new recovery': { enough: 'support', tooLow: 'viewer', path: () => '/recoveries/new' },
  'test messages': { enough: 'support', tooLow: 'viewer', path: (id) => `/channels/${id}/test` },
  'a new app': { enough: 'admin', tooLow: 'support', path: () => '/apps/new' },
  'the settings of an app': { enough: 'admin', tooLow: 'support', path: (_, id) => `/apps/${id}/settings` },
  'the signature test of an app': { enough: 'admin', tooLow: 'support', path: (_, id) => `/apps/${id}/test` },
  'the connections of an app': { enough: 'support', tooLow: 'viewer', path: (_, id) => `/apps/${id}/keys` },
  'the sandbox’s inbox': { enough: 'support', tooLow: 'viewer', path: () => '/sandbox/inbox' },
}

for (const [what, { enough, tooLow, path }] of Object.entries(SOME_PAGES)) {
  test(`${what}: open to the role ${enough}, closed to ${tooLow}`, async ({ page, context, server, db }) => {
    const channel = await createChannel(db)
    const app = await createApp(db, { keys: keysOf(server) })
    const ofApp = await createApplicationChannel(db, app)
    await signInAs(enough, { server, db, context })
    await page.goto(path(channel.id, app.id, ofApp.id))
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByRole('heading', { name: REFUSED })).toHaveCount(0)
    await context.clearCookies()
    await signInAs(tooLow, { server, db, context })
    await page.goto(path(channel.id, app.id, ofApp.id))
    await expect(page.getByRole('heading', { name: REFUSED })).toBeVisible()
  })
}

test('a copied Retry does nothing for a viewer or a stranger, and works for support', async ({
  page,
  browser,
  context,
  server,
  db,
  sql,
}) => {
  const channel = await createChannel(db, { target: { heldSince: new Date(), heldReason: 'Test' } })
  const chat = await createConversation(db, channel.id)
  const message = await createMessage(db, chat, { delivery: { status: 'failed', attempts: 1 } })
  const statusNow = async () => (await sql`select status from deliveries where id = ${message.id}`)[0]?.status
  await signInAs('support', { server, db, context })
  await page.goto(`/messages/${message.id}`)
  const copied = await copyAction(page, () => page.getByRole('button', { name: 'Retry' }).click())

  const viewers = await browser.newContext({ baseURL: server.url })
  await sendCopied(viewers.request, copied)
  await signInAs('viewer', { server, db, context: viewers })
  await sendCopied(viewers.request, copied)
  expect(await statusNow()).toBe('failed')
  await sendCopied(context.request, copied)
  expect(await statusNow()).toBe('pending')
  await viewers.close()
})

test('a copied key rotation does nothing for support, and works for an admin', async ({
  page,
  browser,
  context,
  server,
  db,
  sql,
}) => {
  const channel = await createChannel(db)
  const keys = async () => (await sql`select 1 from channel_keys where channel_id = ${channel.id}`).length
  await signInAs('admin', { server, db, context })
  await page.goto(`/channels/${channel.id}/keys`)
  const copied = await copyAction(page, () => page.getByRole('button', { name: 'Make a new key' }).click())

  const supporters = await browser.newContext({ baseURL: server.url })
  await signInAs('support', { server, db, context: supporters })
  const refused = await sendCopied(supporters.request, copied)
  expect(await refused.text()).not.toContain('pbk_')
  expect(await keys()).toBe(0)
  const done = await sendCopied(context.request, copied)
  expect(await done.text()).toContain('pbk_')
  expect(await keys()).toBe(1)
  await supporters.close()
})

test('a copied making of a connect key does nothing for support', async ({
  page,
  browser,
  context,
  server,
  db,
  sql,
}) => {
  const app = await createApp(db, { keys: keysOf(server) })
  const made = async () => (await sql`select 1 from connections where app_id = ${app.id}`).length
  await signInAs('admin', { server, db, context })
  await page.goto(`/apps/${app.id}/keys`)
  await page.getByLabel('Name', { exact: true }).fill('Berlin')
  const copied = await copyAction(page, () => page.getByRole('button', { name: 'Make a connect key' }).click())
  const supporters = await browser.newContext({ baseURL: server.url })
  await signInAs('support', { server, db, context: supporters })
  const refused = await sendCopied(supporters.request, copied)
  expect(await refused.text()).not.toContain('pbc_')
  expect(await made()).toBe(0)
  const done = await sendCopied(context.request, copied)
  expect(await done.text()).toContain('pbc_')
  expect(await made()).toBe(1)
  await supporters.close()
})

test('another site cannot run an action with the cookies of somebody who is signed in', async ({
  page,
  context,
  server,
  db,
  sql,
}) => {
  const channel = await createChannel(db)
  await signInAs('admin', { server, db, context })
  await page.goto(`/channels/${channel.id}/keys`)
  const copied = await copyAction(page, () => page.getByRole('button', { name: 'Make a new key' }).click())
  const headers = { ...copied.headers, origin: 'https://evil.example' }
  const answer = await context.request.post(copied.url, { headers, data: copied.body, maxRedirects: 0 })
  expect(answer.status()).toBeGreaterThanOrEqual(400)
  expect(await sql`select 1 from channel_keys where channel_id = ${channel.id}`).toHaveLength(0)
})

test('only an owner adds people, and the new one gets in with the first password', async ({
  page,
  browser,
  context,
  server,
  db,
}) => {
  await signInAs('admin', { server, db, context })
  await page.goto('/settings/people')
  await expect(page.getByText('Only owners can add people and change what they may do.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add the person' })).toHaveCount(0)
  await context.clearCookies()
  await signInAs('owner', { server, db, context })
  await page.goto('/settings/people')
  await page.getByLabel('Name', { exact: true }).fill('Vera Viewer')
  await page.getByLabel('E-mail').fill('vera@example.com')
  await page.getByRole('radio', { name: /viewer/i }).check()
  await page.getByRole('button', { name: 'Add the person' }).click()
  const password = await readSecret(page, 'First password')
  expect((await listUsers(db)).find(({ email }) => email === 'vera@example.com')?.role).toBe('viewer')

  const others = await browser.newContext({ baseURL: server.url })
  const vera = await others.newPage()
  await vera.goto('/login')
  await vera.getByLabel('E-mail').fill('vera@example.com')
  await vera.getByLabel('Password', { exact: true }).fill(password)
  await vera.getByRole('button', { name: 'Sign in' }).click()
  await expect(vera.getByRole('heading', { name: 'Overview' })).toBeVisible()
  await others.close()
})
