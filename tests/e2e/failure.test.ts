import type { Page } from '@playwright/test'
import { deleteSandboxFaults } from '#db/queries/sandbox-faults'
import { expect, startOver, test as withServer } from '#tests/e2e/fixtures'
import { exploreAs } from '#tests/support/explored'
import { openChat, openInInbox, replyInInbox, writeAsVisitor } from '#tests/support/sandbox-pages'

type Talk = Awaited<ReturnType<typeof exploreAs>> & { visitor: Page }

/** `beginTalk`: a conversation between a visitor and the sandbox's inbox, on a channel that tries again after a day. */
const test = withServer.extend<{ beginTalk: (name: string) => Promise<Talk> }>({
  beginTalk: async ({ page, browser, context, server, db, sql }, use) => {
    const visitors: Page[] = []
    await use(async (name) => {
      const explored = await exploreAs('support', { server, db, context })
      await sql`update channels set retry_delays_s = '{86400}' where id = ${explored.channelId}`
      const visitor = await openChat({ browser, server }, { channelKey: explored.channelKey, name })
      visitors.push(visitor)
      await writeAsVisitor(visitor, `Hello from ${name}`)
      await openInInbox(page, name)
      return { ...explored, visitor }
    })
    await Promise.all(visitors.map((visitor) => visitor.context().close()))
  },
})

// The switches of the sandbox are one for all, so these follow each other.
test.describe.configure({ mode: 'serial' })
test.beforeAll(startOver)
test.afterEach(({ db }) => deleteSandboxFaults(db, null))

/** @param what the button of one switch, by the name that screen readers get */
async function switchOn(page: Page, what: string): Promise<void> {
  await page.goto('/sandbox/faults')
  await page.getByRole('button', { name: `Switch on: ${what}` }).click()
  await expect(page.getByText('The sandbox fails on purpose.')).toBeVisible()
}

async function openMessage(page: Page, direction: string, text: string): Promise<string> {
  await page.goto(`/messages?direction=${direction}`)
  await page.getByRole('row').filter({ hasText: text }).getByRole('link').first().click()
  await expect(page.getByRole('list', { name: 'Attempts, newest first' })).toBeVisible()
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

const tries = (page: Page) => page.getByRole('list', { name: 'Attempts, newest first' }).getByText(/^Attempt \d+/)

test('a reply that meets a broken provider is shown as retrying, and sent at once, and once, when somebody says so', async ({
  page,
  beginTalk,
}) => {
  const { visitor } = await beginTalk('Bea Broken')
  await switchOn(page, 'Server error, by the provider')
  await openInInbox(page, 'Bea Broken')
  await replyInInbox(page, 'It leaves today.')
  await openMessage(page, 'outbound', 'It leaves today.')
  await expect(page.getByText('Retrying', { exact: true })).toBeVisible()
  await expect(page.getByText(/^Next attempt/)).toBeVisible()
  await expect(page.getByText('Trouble on the other side', { exact: true })).toBeVisible()
  await expect(page.getByText('The provider has a bad day.').first()).toBeVisible()
  await expect(visitor.getByText('It leaves today.')).toHaveCount(0)

  await page.getByRole('button', { name: 'Send now' }).click()
  await expect(page.getByText('The provider took the reply.')).toBeVisible()
  await expect(visitor.getByText('It leaves today.')).toHaveCount(1)
  await expect(tries(page)).toHaveCount(2)
})

test('two impatient people who both click Retry twice make one send', async ({ page, context, sql, beginTalk }) => {
  const { visitor } = await beginTalk('Ida Impatient')
  await switchOn(page, 'Refuse, by the provider')
  await openInInbox(page, 'Ida Impatient')
  await replyInInbox(page, 'Here is your label.')
  const id = await openMessage(page, 'outbound', 'Here is your label.')
  await expect(page.getByText('Failed', { exact: true })).toBeVisible()
  await expect(page.getByText('Patchbay has stopped trying.').first()).toBeVisible()
  const other = await context.newPage()
  await other.goto(`/messages/${id}`)
  await Promise.all([page, other].map((one) => one.getByRole('button', { name: 'Retry' }).dblclick()))
  await expect(visitor.getByText('Here is your label.')).toHaveCount(1)
  await expect(page.getByText('The provider took the reply.')).toBeVisible()
  await expect(tries(page)).toHaveCount(2)
  expect(await sql`select 1 from audit_events where subject_id = ${id} and action = 'delivery.retry'`).toHaveLength(1)
})

test('a reply that failed for good is discarded with a reason, and the conversation goes on', async ({
  page,
  beginTalk,
}) => {
  const { email, visitor } = await beginTalk('Dora Discard')
  await switchOn(page, 'Refuse, by the provider')
  await openInInbox(page, 'Dora Discard')
  await replyInInbox(page, 'Wrong answer')
  await openMessage(page, 'outbound', 'Wrong answer')
  await page.getByRole('button', { name: 'Discard' }).click()
  const dialog = page.getByRole('dialog', { name: 'Discard this message?' })
  await dialog.getByLabel('Reason').fill('It was the wrong answer.')
  await dialog.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByText(`Discarded by ${email}: “It was the wrong answer.”`)).toBeVisible()
  await openInInbox(page, 'Dora Discard')
  await replyInInbox(page, 'Right answer')
  await expect(visitor.getByText('Right answer')).toBeVisible()
  await expect(visitor.getByText('Wrong answer')).toHaveCount(0)
})

test('when Front loses its answer after taking a message, the message is found there and not sent twice', async ({
  page,
  sql,
  beginTalk,
}) => {
  const { visitor } = await beginTalk('Lotte Lost')
  await openMessage(page, 'inbound', 'Hello from Lotte Lost')
  await expect(page.getByText(/^Confirmed: /)).toBeVisible()
  await switchOn(page, 'Lose the answer, by Front')
  await writeAsVisitor(visitor, 'Did this arrive?')
  await openMessage(page, 'inbound', 'Did this arrive?')
  await expect(page.getByText('The connection broke', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Send now' }).click()
  await expect(page.getByText(/^Confirmed: /)).toBeVisible()
  await openInInbox(page, 'Lotte Lost')
  await expect(page.getByRole('list', { name: 'Messages' }).getByText('Did this arrive?')).toHaveCount(1)
  const calls = await sql`select status from sandbox_calls where method = 'POST' and fault = 'drop'`
  expect(calls).toHaveLength(1)
})

test('a provider that shows a reply and loses its answer does not show it a second time', async ({
  page,
  beginTalk,
}) => {
  const { visitor } = await beginTalk('Tilda Twice')
  await switchOn(page, 'Lose the answer, by the provider')
  await openInInbox(page, 'Tilda Twice')
  await replyInInbox(page, 'Only once, please.')
  await expect(visitor.getByText('Only once, please.')).toBeVisible()
  await openMessage(page, 'outbound', 'Only once, please.')
  await page.getByRole('button', { name: 'Send now' }).click()
  await expect(page.getByText('The provider took the reply.')).toBeVisible()
  await expect(visitor.getByText('Only once, please.')).toHaveCount(1)
})
