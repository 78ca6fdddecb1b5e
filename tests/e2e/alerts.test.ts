import type { Page } from '@playwright/test'
import { Webhook } from 'standardwebhooks'
import { connect } from '#db/client'
import { deleteSandboxFaults } from '#db/queries/sandbox-faults'
import { expect, startOver, test as withServer } from '#tests/e2e/fixtures'
import { type Explored, exploreAs } from '#tests/support/explored'
import { startMailServer } from '#tests/support/mail-server'
import { type Posted, startProvider } from '#tests/support/provider-server'
import { readSecret } from '#tests/support/read-secret'
import { openChat, openInInbox, replyInInbox, writeAsVisitor } from '#tests/support/sandbox-pages'
import { startServer } from '#tests/support/server'

type Receiver = Awaited<ReturnType<typeof startProvider>>

const test = withServer.extend<{ receiver: Receiver; explored: Explored }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from this pattern
  receiver: async ({}, use) => {
    const receiver = await startProvider()
    await use(receiver)
    await receiver.stop()
  },
  explored: async ({ server, db, context }, use) => use(await exploreAs('admin', { server, db, context })),
})

test.describe.configure({ mode: 'serial' })
test.beforeAll(startOver)
test.afterEach(async ({ db, sql }) => {
  await deleteSandboxFaults(db, null)
  await sql`delete from alert_destinations`
})

const typesOf = ({ posted }: Receiver) => posted.map(({ body }) => JSON.parse(body).type)

/** Fills the form of a new webhook and adds it. @returns its signing secret, with its page open */
async function addWebhook(page: Page, url: string): Promise<string> {
  await page.goto('/settings/alerts')
  await page.getByRole('link', { name: 'Add a destination' }).click()
  await page.getByLabel('Name').fill('Night shift')
  await page.getByRole('radio', { name: /^Webhook/ }).check()
  await page.getByLabel('Address', { exact: true }).fill(url)
  await page.getByLabel('Fails after').fill('1')
  await page.getByLabel('Over after').fill('0')
  await page.getByRole('button', { name: 'Add the destination' }).click()
  const secret = await readSecret(page, 'Signing secret')
  await page.getByRole('link', { name: 'Go on and send a test' }).click()
  await expect(page.getByRole('heading', { name: 'Night shift' })).toBeVisible()
  return secret
}

test('an admin adds a webhook, tests it and sees the outcome; its secret verifies what came', async ({
  page,
  explored: _,
  receiver,
}) => {
  const secret = await addWebhook(page, receiver.url)
  const lastTest = page.getByRole('status', { name: 'The last test' })
  await expect(lastTest).toHaveText('No test was sent yet.')
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(lastTest.getByText('Told')).toBeVisible()
  const [posted] = receiver.posted
  const verify = ({ body, headers }: Posted) => new Webhook(secret).verify(body, headers)
  expect(posted && verify(posted)).toMatchObject({ type: 'alert.test' })

  await page.getByRole('button', { name: 'Make a new secret' }).click()
  const renewed = await readSecret(page, 'New signing secret')
  expect(renewed).not.toBe(secret)
  await receiver.stop()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(lastTest.getByText('Could not be told')).toBeVisible()
  await expect(lastTest.getByText(/No connection/)).toBeVisible()
})

test('a channel that fails is told, and again when it works; both show with their attempts', async ({
  page,
  browser,
  server,
  sql,
  explored,
  receiver,
}) => {
  await sql`update channels set retry_delays_s = '{86400}' where id = ${explored.channelId}`
  await addWebhook(page, receiver.url)
  const visitor = await openChat({ browser, server }, { channelKey: explored.channelKey, name: 'Wanda Waiting' })
  await writeAsVisitor(visitor, 'Hello?')
  await page.goto('/sandbox/faults')
  await page.getByRole('button', { name: 'Switch on: Server error, by the provider' }).click()
  await openInInbox(page, 'Wanda Waiting')
  await replyInInbox(page, 'One moment, please.')
  await expect.poll(() => typesOf(receiver), { timeout: 15_000 }).toEqual(['channel.failing'])

  await page.goto('/messages?direction=outbound')
  await page.getByRole('row').filter({ hasText: 'One moment, please.' }).getByRole('link').first().click()
  await page.getByRole('button', { name: 'Send now' }).click()
  await expect(page.getByText('The provider took the reply.')).toBeVisible()
  await expect.poll(() => typesOf(receiver), { timeout: 15_000 }).toEqual(['channel.failing', 'channel.recovered'])
  await visitor.context().close()

  await page.goto('/settings/alerts')
  const recent = page.getByRole('list', { name: 'Recent alerts' })
  await expect(recent.getByRole('listitem')).toHaveCount(2)
  await recent.getByRole('link', { name: /messages to the provider fail/ }).click()
  await expect(page.getByText(/^Trouble on the other side/)).toBeVisible()
  await expect(page.getByRole('list', { name: 'Attempts, newest first' }).getByText(/^Attempt 1/)).toBeVisible()
})

test('e-mail says what is missing; a destination can be changed, switched off and removed', async ({
  page,
  explored: _,
}) => {
  await page.goto('/settings/alerts/new')
  await expect(page.getByText(/has to set SMTP_URL and ALERTS_FROM/)).toBeVisible()
  await page.getByLabel('Name').fill('Team')
  await page.getByLabel('E-mail addresses').fill('ops@example.com, not-an-address')
  await page.getByRole('button', { name: 'Add the destination' }).click()
  await expect(page.getByText('This is not an e-mail address.').first()).toBeVisible()
  await page.getByLabel('E-mail addresses').fill('ops@example.com\nnight@example.com')
  await page.getByRole('radio', { name: /^Only these/ }).check()
  await page.getByRole('checkbox', { name: /chat/i }).check()
  await page.getByLabel('From', { exact: true }).fill('22:00')
  await page.getByLabel('To', { exact: true }).fill('07:00')
  await page.getByLabel('Time zone').selectOption('Europe/Berlin')
  await page.getByRole('button', { name: 'Add the destination' }).click()
  await expect(page.getByRole('heading', { name: 'Team' })).toBeVisible()
  await expect(page.getByText('ops@example.com, night@example.com')).toBeVisible()

  await page.getByLabel('Name').fill('Night team')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Night team' })).toBeVisible()
  await expect(page.getByLabel('To', { exact: true })).toHaveValue('07:00')
  await expect(page.getByLabel('Time zone')).toHaveValue('Europe/Berlin')

  await page.getByRole('button', { name: 'Switch off' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByText('Switched off', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('Nobody is alerted yet')).toBeVisible()
})

test('who may only read sees destinations, and none of their forms', async ({ page, context, server, db, sql }) => {
  const { channelId } = await exploreAs('viewer', { server, db, context })
  expect(channelId).toBeTruthy()
  await sql`insert into alert_destinations (id, name, kind, settings_sealed, shown, alerts, created_by)
    values ('01890a5d-ac96-774b-bcce-b302099a8057', 'Team', 'slack', 'sealed', 'hooks.example', '{failing}', 'mina@example.com')`
  await page.goto('/settings/alerts')
  await page.getByRole('link', { name: 'Team' }).click()
  await expect(page.getByText('Only admins and owners can change what is here.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send a test' })).toHaveCount(0)
  await page.goto('/settings/alerts/new')
  await expect(page.getByRole('button', { name: 'Add the destination' })).toHaveCount(0)
})

test('with a mail server set, a letter reaches it', async ({ browser }) => {
  const mail = await startMailServer()
  const server = await startServer({ SMTP_URL: mail.url, ALERTS_FROM: 'Patchbay <alerts@example.com>' })
  const connection = connect(server.databaseUrl, { max: 2, name: 'patchbay-test' })
  const context = await browser.newContext({ baseURL: server.url })
  try {
    await exploreAs('admin', { server, db: connection.db, context })
    const page = await context.newPage()
    await page.goto('/settings/alerts/new')
    await expect(page.getByText('Patchbay cannot send e-mail yet')).toHaveCount(0)
    await page.getByLabel('Name').fill('Team')
    await page.getByLabel('E-mail addresses').fill('ops@example.com')
    await page.getByRole('button', { name: 'Add the destination' }).click()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await expect(page.getByRole('status', { name: 'The last test' }).getByText('Told')).toBeVisible()
    expect(mail.letters).toMatchObject([{ from: 'alerts@example.com', to: ['ops@example.com'] }])
    expect(mail.letters[0]?.raw).toContain(`${server.url}/channels/`)
  } finally {
    await context.close()
    await connection.end()
    await server.stop()
    await mail.stop()
  }
})
