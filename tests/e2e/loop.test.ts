import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { exploreAs } from '#tests/support/explored'
import { openChat, openInInbox, replyInInbox, writeAsVisitor } from '#tests/support/sandbox-pages'

test.beforeAll(startOver)

test('both messages of a talk are in the log; the visitor’s is accepted by Front first, then confirmed', async ({
  page,
  browser,
  context,
  server,
  db,
  sql,
}) => {
  const { channelKey } = await exploreAs('support', { server, db, context })
  await putSandboxSettings(db, { visibleDelayMs: 3_600_000, requestsPerMinute: 0 })
  const visitor = await openChat({ browser, server }, { channelKey, name: 'Lena Loop' })
  await writeAsVisitor(visitor, 'Is the blue one in stock?')

  await page.goto('/messages')
  await page.getByRole('link', { name: 'Lena Loop' }).click()
  await expect(page.getByRole('heading', { name: 'From Lena Loop' })).toBeVisible()
  await expect(page.getByText(/^Accepted by Front: /)).toBeVisible()
  // Front has made the message by now.
  await sql`update sandbox_messages set visible_at = now()`
  await sql`update sandbox_conversations set created_at = now(), last_message_at = now()`
  await sql`update confirmations set due_at = now()`
  await expect(page.getByText(/^Confirmed: /)).toBeVisible()
  await expect(page.getByText(/^Accepted by Front: /)).toHaveCount(0)

  await openInInbox(page, 'Lena Loop')
  await expect(page.getByText('Is the blue one in stock?').last()).toBeVisible()
  await replyInInbox(page, 'Yes, three of them.')
  await expect(visitor.getByText('Yes, three of them.')).toBeVisible()
  await expect(page.getByText('Sent', { exact: true })).toBeVisible()

  await page.goto('/messages?direction=outbound')
  const row = page.getByRole('row').filter({ hasText: 'Yes, three of them.' })
  await expect(row.getByText('Delivered')).toBeVisible()
  await row.getByRole('link').first().click()
  await expect(page.getByText('The provider took the reply.')).toBeVisible()
  await page.getByRole('link', { name: 'Conversation', exact: true }).click()
  await expect(page.getByText('Is the blue one in stock?')).toBeVisible()
  await expect(page.getByText('Yes, three of them.')).toBeVisible()
  await visitor.context().close()
})

test('what a visitor adds while a teammate answers stays in one conversation, in order', async ({
  page,
  browser,
  context,
  server,
  db,
  sql,
}) => {
  const { channelKey } = await exploreAs('support', { server, db, context })
  const visitor = await openChat({ browser, server }, { channelKey, name: 'Orla Order' })
  const said = ['Hello', 'Two more things:', 'the *first*', 'and the_second_one']
  for (const text of said) await writeAsVisitor(visitor, text)
  await openInInbox(page, 'Orla Order')
  const thread = page.getByRole('list', { name: 'Messages' })
  for (const text of said) await expect(thread.getByText(text, { exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Orla Order' })).toHaveCount(1)
  const stored = await sql`select content->>'text' as text from sandbox_messages
    where content->'sender'->>'name' = 'Orla Order' order by created_at`
  expect(stored.map(({ text }) => text)).toEqual(said)
  await visitor.context().close()
})
