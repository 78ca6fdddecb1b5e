import type { Page } from '@playwright/test'
import { deleteSandboxFaults } from '#db/queries/sandbox-faults'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { expect, startOver, test as withServer } from '#tests/e2e/fixtures'
import { exploreAs } from '#tests/support/explored'
import { readSecret } from '#tests/support/read-secret'
import {
  connectByKey,
  exploreApplication,
  openChat,
  openInInbox,
  registerSandboxApp,
  replyInInbox,
  saveSandboxApp,
  troubleNotice,
  writeAsVisitor,
} from '#tests/support/sandbox-pages'
import { signInAs } from '#tests/support/signed-in'

type Channel = { id: string; key: string }

/** `beginTalk`: a visitor of an application channel that Front connected, in a conversation with the sandbox's inbox. */
const test = withServer.extend<{ beginTalk: (name: string) => Promise<Channel & { visitor: Page }> }>({
  beginTalk: async ({ page, browser, context, server, db, sql }, use) => {
    const visitors: Page[] = []
    await use(async (name) => {
      await signInAs('admin', { server, db, context })
      await putSandboxSettings(db, { visibleDelayMs: 0, requestsPerMinute: 0 })
      await exploreApplication(page)
      const [channel] = await sql<Channel[]>`select id, key from channels where kind = 'application'`
      if (!channel) throw new Error('There is no application channel.')
      const visitor = await openChat({ browser, server }, { channelKey: channel.key, name })
      visitors.push(visitor)
      await writeAsVisitor(visitor, `Hello from ${name}`)
      await openInInbox(page, name)
      return { ...channel, visitor }
    })
    await Promise.all(visitors.map((visitor) => visitor.context().close()))
  },
})

// The switches of the sandbox are one for all, so these follow each other.
test.describe.configure({ mode: 'serial' })
test.beforeAll(startOver)
test.afterEach(({ db }) => deleteSandboxFaults(db, null))

test('a visitor and a teammate talk over a channel of an app, and Front’s import confirms what was brought', async ({
  page,
  beginTalk,
}) => {
  const { visitor } = await beginTalk('Ida Import')
  await replyInInbox(page, 'We are here.')
  await expect(visitor.getByText('We are here.')).toBeVisible()
  await page.goto('/messages')
  await page.getByRole('row').filter({ hasText: 'Hello from Ida Import' }).getByRole('link').first().click()
  await expect(page.getByText(/^Confirmed: /)).toBeVisible()
})

test('a channel that is marked offline shows so in Front, keeps replies, and sends them when it is back', async ({
  page,
  beginTalk,
}) => {
  const { id, visitor } = await beginTalk('Olof Offline')
  await page.goto(`/channels/${id}`)
  await page.getByRole('button', { name: 'Mark offline' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why').fill('The gateway changes its password')
  await dialog.getByRole('button', { name: 'Mark offline' }).click()
  await expect(page.getByText('The gateway changes its password').first()).toBeVisible()

  await page.goto('/sandbox/inbox')
  await expect(troubleNotice(page)).toContainText('is offline')
  await openInInbox(page, 'Olof Offline')
  await replyInInbox(page, 'Your parcel is on its way.')
  await page.goto('/messages?direction=outbound')
  const row = page.getByRole('row').filter({ hasText: 'Your parcel is on its way.' })
  await expect(row.getByText('Held')).toBeVisible()
  await expect(visitor.getByText('Your parcel is on its way.')).toHaveCount(0)

  await page.goto(`/channels/${id}`)
  await page.getByRole('button', { name: 'Back online' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Back online' }).click()
  await expect(visitor.getByText('Your parcel is on its way.')).toBeVisible()
  await page.goto('/sandbox/inbox')
  await expect(troubleNotice(page)).toHaveCount(0)
})

test('a reply that fails for good turns red in Front with the reason, and its page says that Front was told', async ({
  page,
  sql,
  beginTalk,
}) => {
  const { id } = await beginTalk('Fia Failed')
  await sql`update channels set retry_delays_s = '{}' where id = ${id}`
  await page.goto('/sandbox/faults')
  await page.getByRole('button', { name: 'Switch on: Server error, by the provider' }).click()
  await expect(page.getByText('The sandbox fails on purpose.')).toBeVisible()
  await openInInbox(page, 'Fia Failed')
  await replyInInbox(page, 'It costs ten.')
  await expect(page.getByText(/^Not delivered\. /)).toContainText('The provider has a bad day.')

  await page.goto('/messages?direction=outbound&status=failed')
  await page.getByRole('row').filter({ hasText: 'It costs ten.' }).getByRole('link').first().click()
  const told = page.getByRole('region', { name: 'What Front was told' })
  await expect(told.getByText('The provider has a bad day.').first()).toBeVisible()
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText('The provider took the reply.')).toBeVisible()
  await expect(told.getByText(/after all/).first()).toBeVisible()
})

test('an app that both sides know by hand: a connect key makes the channel, and a wrong one does not', async ({
  page,
  context,
  server,
  db,
}) => {
  await exploreAs('admin', { server, db, context })
  const { uid, secret } = await registerSandboxApp(page, { name: 'Hand-made app' })
  await page.goto('/apps/new')
  await page.getByLabel('Name', { exact: true }).fill('Hand-made app')
  await page.getByLabel('App UID').fill(uid)
  await page.getByLabel(/^App secret/).fill(secret)
  await page.getByRole('button', { name: 'Register the app' }).click()
  await page.getByRole('link', { name: 'Set it up in Front' }).click()
  const serverUrl = await page
    .getByRole('code')
    .filter({ hasText: /\/api\/front\/apps\/app_[\w-]+$/ })
    .textContent()
  await page.getByRole('navigation', { name: 'Parts of this app' }).getByRole('link', { name: 'Connections' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Shop chat')
  await page.getByRole('button', { name: 'Make a connect key' }).click()
  const key = await readSecret(page, 'Connect key for Shop chat')

  await saveSandboxApp(page, uid, { 'Server URL': serverUrl ?? '' })
  await connectByKey(page, { uid, name: 'Shop', key: 'pbc_wrong' })
  await expect(page.getByText(/connect key/).first()).toBeVisible()
  await connectByKey(page, { uid, name: 'Shop', key })
  await expect(page.getByRole('region', { name: 'Shop' })).toBeVisible()
  await page.goto('/channels')
  await expect(page.getByRole('link', { name: 'Shop chat' })).toBeVisible()
})
