import type { Page } from '@playwright/test'
import { Webhook } from 'standardwebhooks'
import { listSandboxChannels, putSandboxChannel } from '#db/queries/sandbox-channels'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { exploreAs } from '#tests/support/explored'
import { startProvider } from '#tests/support/provider-server'
import { readSecret } from '#tests/support/read-secret'

let provider: Awaited<ReturnType<typeof startProvider>>

test.beforeAll(startOver)
test.beforeAll(async () => {
  provider = await startProvider()
})
test.afterAll(() => provider.stop())

const goOn = (page: Page) => page.getByRole('button', { name: 'Continue' }).click()
const addressOf = (page: Page, label: string) =>
  page
    .getByRole('code')
    .filter({ hasText: label === 'Incoming URL' ? '/incoming' : '/outgoing' })
    .first()

test('a channel is created in Front through the wizard, and its keys are shown once', async ({
  page,
  context,
  server,
  db,
  request,
}) => {
  await exploreAs('admin', { server, db, context })
  await page.goto('/channels')
  await page.getByRole('link', { name: 'Connect a channel' }).first().click()
  await expect(page.getByRole('radio', { name: /A new custom channel/ })).toBeChecked()
  await goOn(page)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Shop chat')
  await expect(page.getByRole('combobox', { name: 'Inbox' }).getByRole('option')).toHaveText([
    'Choose an inbox',
    'Sales',
    'Support',
  ])
  await page.getByRole('combobox', { name: 'Inbox' }).selectOption('Sales')
  await goOn(page)
  await page.getByLabel('Provider’s URL').fill(provider.url)
  await page.getByRole('button', { name: 'Create the channel' }).click()
  await expect(page.getByText('Shop chat is there')).toBeVisible()

  const incomingKey = await readSecret(page, 'Incoming key')
  const signingSecret = await readSecret(page, 'Signing secret')
  const incomingUrl = (await addressOf(page, 'Incoming URL').textContent()) ?? ''
  const created = (await listSandboxChannels(db)).find(({ name }) => name === 'Shop chat')
  expect(created).toMatchObject({
    inboxId: 'inb_sales',
    webhookUrl: incomingUrl.replace(/\/api\/channels\/([\w-]+)\/incoming$/, '/api/front/custom/$1/outgoing'),
  })
  const answer = await request.post(incomingUrl, {
    headers: { authorization: `Bearer ${incomingKey}` },
    data: { sender: { handle: 'visitor-1' }, body: 'Hello' },
  })
  expect(answer.status()).toBe(202)

  await page.getByRole('link', { name: 'Open the channel' }).click()
  await page.getByRole('link', { name: 'Keys', exact: true }).click()
  await expect(page.getByText(`…${incomingKey.slice(-4)}`)).toBeVisible()
  for (const secret of [incomingKey, signingSecret]) expect(await page.content()).not.toContain(secret)
})

test('a channel made by hand is connected by its id, and the URL to paste into Front can be copied', async ({
  page,
  context,
  server,
  db,
}) => {
  await exploreAs('admin', { server, db, context })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await putSandboxChannel(db, {
    id: 'cha_byhand',
    inboxId: 'inb_support',
    name: 'By hand',
    type: 'custom',
    address: 'by-hand@custom.sandbox.example',
    webhookUrl: null,
    settings: {},
  })
  await page.goto('/channels/new')
  await page.getByRole('radio', { name: /A custom channel made by hand/ }).check()
  await goOn(page)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('By hand')
  await page.getByLabel('Channel id').fill('cha_nobody1')
  await goOn(page)
  await page.getByLabel('Provider’s URL').fill(provider.url)
  await page.getByRole('button', { name: 'Connect the channel' }).click()
  await expect(page.getByText(/Front has no channel with this id/).first()).toBeVisible()
  await expect(page.getByLabel('Channel id')).toHaveValue('cha_nobody1')
  await page.getByLabel('Channel id').fill(' cha_byhand ')
  await goOn(page)
  await page.getByRole('button', { name: 'Connect the channel' }).click()
  await expect(page.getByText('By hand is connected')).toBeVisible()
  await page.getByRole('button', { name: 'Copy Outgoing URL' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toBe(await addressOf(page, 'Outgoing URL').textContent())
  expect(copied).toMatch(new RegExp(`^${server.url}/api/front/custom/ch_[\\w-]+/outgoing$`))
})

test('settings are saved, and a wrong one is refused without losing what was typed', async ({
  page,
  context,
  server,
  db,
}) => {
  const { channelId } = await exploreAs('admin', { server, db, context })
  await page.goto(`/channels/${channelId}/settings`)
  await page.getByLabel('Name', { exact: true }).fill('Renamed chat')
  await page.getByLabel('Waits between attempts').fill('5s, soon')
  await page.getByRole('button', { name: 'Save the settings' }).click()
  await expect(page.getByText('Some fields need another look.')).toBeVisible()
  await expect(page.getByLabel('Waits between attempts')).toHaveValue('5s, soon')
  await page.getByLabel('Waits between attempts').fill('5s, 1m, 2h')
  await page.getByRole('radio', { name: /Stop for a person/ }).check()
  await page.getByLabel('Messages a minute').fill('600')
  await page.getByRole('button', { name: 'Save the settings' }).click()
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Renamed chat', level: 1 })).toBeVisible()
  await expect(page.getByLabel('Waits between attempts')).toHaveValue('5s, 1m, 2h')
  await expect(page.getByRole('radio', { name: /Stop for a person/ })).toBeChecked()
  await expect(page.getByLabel('Messages a minute')).toHaveValue('600')
})

test('a threading rule is tried on a sample before it is saved', async ({ page, context, server, db }) => {
  const { channelId } = await exploreAs('admin', { server, db, context })
  await page.goto(`/channels/${channelId}/threading`)
  await page.getByRole('radio', { name: /By a template/ }).check()
  await page.getByRole('textbox', { name: 'Template' }).fill('{{sender.handle}}:{{metadata.headers.ticket}}')
  const tryIt = page.getByRole('button', { name: 'Try the rule on it' })
  await tryIt.click()
  await expect(page.getByRole('code').filter({ hasText: /^visitor-42:7$/ })).toBeVisible()
  await page.getByLabel('Sample message').fill('{"sender":{"handle":"visitor-42"},"body":"Hi"}')
  await tryIt.click()
  await expect(page.getByText(/Such a message would be refused/)).toBeVisible()
  await page.getByRole('button', { name: 'Save the rule' }).click()
  await expect(page.getByText('Saved. It holds for messages from now on.')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('radio', { name: /By a template/ })).toBeChecked()
})

test('a test goes both ways and is marked as a test on either side', async ({ page, context, server, db }) => {
  const { channelId, channelKey } = await exploreAs('support', { server, db, context })
  await page.goto(`/channels/${channelId}/test`)
  await page.getByRole('button', { name: 'Send a test to Front' }).click()
  await expect(page.getByRole('list', { name: 'Tests to front' }).getByText('Confirmed', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Send a test to the provider' }).click()
  const toProvider = page.getByRole('list', { name: 'Tests to the provider' })
  await expect(toProvider.getByText('Delivered', { exact: true })).toBeVisible()
  await page.goto(`/messages?channel=${channelId}`)
  await expect(page.getByText('Test', { exact: true })).toHaveCount(2)
  await page.goto(`/sandbox/chat/${channelKey}`)
  await expect(page.getByText(/This is a test/)).toHaveCount(0)
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
})

test('the provider can verify a reply with a Standard Webhooks library, also while the secret is rotated', async ({
  page,
  context,
  server,
  db,
  sql,
}) => {
  const { channelId, signing } = await exploreAs('admin', { server, db, context })
  await sql`update channels set provider_url = ${provider.url} where id = ${channelId}`
  await page.goto(`/channels/${channelId}/keys`)
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  const fresh = await readSecret(page, 'New signing secret')
  await page.goto(`/channels/${channelId}/test`)
  provider.posted.length = 0
  await page.getByRole('button', { name: 'Send a test to the provider' }).click()
  await expect.poll(() => provider.posted.length).toBe(1)
  const [{ headers, body } = { headers: {}, body: '' }] = provider.posted
  for (const secret of [signing, fresh]) {
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ test: true })
  }
})
