import { expect, startOver, test } from '#tests/e2e/fixtures'
import { createReport } from '#tests/support/applications'
import { createAttempt, createChannel, createConversation, createMessage, setTarget } from '#tests/support/factories'
import { signInAs } from '#tests/support/signed-in'

test.beforeAll(startOver)

// Their channels are paused, so that the worker leaves the seeded messages as they are.
const paused = { target: { heldSince: new Date(), heldReason: 'Test' } }
const failedDelivery = {
  status: 'failed',
  attempts: 1,
  lastErrorClass: 'refused_content',
  lastError: 'Front answered with status 400.',
} as const

test('support finds a failed message, reads why it failed, and sends it again once', async ({
  page,
  context,
  server,
  db,
}) => {
  const email = await signInAs('support', { server, db, context })
  const chat = await createConversation(db, (await createChannel(db, paused)).id, { contactName: 'Grace Finder' })
  const message = await createMessage(db, chat, { body: 'My zeppelin is late', delivery: failedDelivery })
  await createAttempt(db, message.id, {
    outcome: 'failed',
    errorClass: 'refused_content',
    error: 'Front answered with status 400.',
    responseStatus: 400,
    responseBody: '{"_error":{"message":"sender.handle is not valid"}}',
  })
  await page.goto('/')
  await page
    .getByRole('link', { name: /failed: the message was refused/ })
    .first()
    .click()
  await expect(page).toHaveURL(/status=failed/)
  await page.getByRole('searchbox', { name: 'Search' }).fill('zepp late')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Grace Finder' }).click()
  await expect(page.getByText('Front answered that it cannot take this message as it is.')).toBeVisible()
  await expect(page.getByText('"message": "sender.handle is not valid"')).toBeVisible()

  const other = await context.newPage()
  await other.goto(`/messages/${message.id}`)
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText('Queued again.')).toBeVisible()
  await expect(page.getByText('Held', { exact: true })).toBeVisible()
  await expect(page.getByText(`${email} asked for a retry`)).toBeVisible()
  await other.getByRole('button', { name: 'Retry' }).click()
  await expect(other.getByText(/The channel is paused/).first()).toBeVisible()
})

test('discarding asks for a reason and shows it to everybody', async ({ page, context, server, db }) => {
  await signInAs('support', { server, db, context })
  const chat = await createConversation(db, (await createChannel(db, paused)).id)
  const message = await createMessage(db, chat, { delivery: failedDelivery })
  await page.goto(`/messages/${message.id}`)
  await page.getByRole('button', { name: 'Discard' }).click()
  const dialog = page.getByRole('dialog', { name: 'Discard this message?' })
  await dialog.getByLabel('Reason').fill('The customer called.')
  await dialog.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByText('Discarded. It stays in the log.')).toBeVisible()
  await expect(page.getByText('discarded it: “The customer called.”')).toBeVisible()
  await page.goto(`/conversations/${chat.id}`)
  await expect(page.getByText('“The customer called.”')).toBeVisible()
})

test('support sees what Front was told of a reply, and tells it again what it could not be told', async ({
  page,
  context,
  server,
  db,
}) => {
  await signInAs('support', { server, db, context })
  const channel = await createChannel(db, paused)
  await setTarget(db, channel.id, 'report', paused.target)
  const chat = await createConversation(db, channel.id)
  const reply = await createMessage(db, chat, {
    direction: 'outbound',
    kind: 'autoreply',
    delivery: {
      status: 'failed',
      attempts: 1,
      lastErrorClass: 'bounced',
      lastError: 'Opted out',
      reportedAt: new Date(),
    },
  })
  await createReport(db, chat, {
    kind: 'comment',
    subjectId: reply.id,
    payload: { body: 'This message did not reach the customer. Opted out' },
    delivery: { status: 'failed', lastErrorClass: 'not_found', lastError: 'Front answered with status 404.' },
  })
  await page.goto(`/messages/${reply.id}`)
  await expect(page.getByText('Auto-reply', { exact: true })).toBeVisible()
  await expect(page.getByText('reported later that it did not reach the customer')).toBeVisible()
  const told = page.getByRole('list', { name: 'What Front was told' })
  await expect(told.getByText('Front could not be told')).toBeVisible()
  await told.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText('Queued again. Front is told when its turn comes.')).toBeVisible()
  await expect(told.getByText('Front is not told yet')).toBeVisible()
})

test('what was sent outside Front is shown as such, and what bounced and arrived after all', async ({
  page,
  context,
  server,
  db,
}) => {
  await signInAs('viewer', { server, db, context })
  const chat = await createConversation(db, (await createChannel(db, paused)).id, { contactName: 'Grace Finder' })
  const byBot = { kind: 'sent_elsewhere' as const, author: { name: 'Night bot' }, body: 'We open at nine.' }
  const sent = await createMessage(db, chat, { ...byBot, delivery: { reportedAt: new Date() } })
  const reply = await createMessage(db, chat, { direction: 'outbound' })
  await createReport(db, chat, { kind: 'comment', subjectId: reply.id, payload: { body: 'It failed.' } })
  await page.goto(`/messages/${sent.id}`)
  await expect(page.getByRole('heading', { name: 'To Grace Finder' })).toBeVisible()
  await expect(page.getByText('Sent outside Front', { exact: true })).toBeVisible()
  await expect(page.getByText('It did not reach the customer')).toBeVisible()
  await page.goto(`/messages/${reply.id}`)
  await expect(page.getByText('Delivered after all')).toBeVisible()
  await page.goto(`/conversations/${chat.id}`)
  await expect(page.getByRole('article').filter({ hasText: 'We open at nine.' })).toContainText('Night bot')
})

test('a viewer reads but cannot decide', async ({ page, context, server, db }) => {
  await signInAs('viewer', { server, db, context })
  const chat = await createConversation(db, (await createChannel(db, paused)).id)
  const message = await createMessage(db, chat, { delivery: failedDelivery })
  await page.goto(`/messages/${message.id}`)
  await expect(page.getByText('Patchbay has stopped trying.')).toBeVisible()
  await expect(page.getByRole('button', { name: /Retry|Discard|Send/ })).toHaveCount(0)
})

test('a teammate’s HTML is shown without what it might do, and without fetching anything', async ({
  page,
  context,
  server,
  db,
}) => {
  await signInAs('viewer', { server, db, context })
  const chat = await createConversation(db, (await createChannel(db, paused)).id)
  const body =
    '<p>Hello <b>Ada</b></p><img src="https://tracker.invalid/p.gif" alt="A logo"><script>document.title = "taken"</script>'
  const message = await createMessage(db, chat, {
    direction: 'outbound',
    body,
    bodyFormat: 'html',
    bodyText: 'Hello Ada',
  })
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(request.url()))
  await page.goto(`/messages/${message.id}`)
  await expect(page.getByText('[image: A logo]')).toBeVisible()
  await expect(page).toHaveTitle(/Message/)
  expect(fetched.filter((url) => url.includes('tracker.invalid'))).toEqual([])
  await page.getByRole('link', { name: 'Show images' }).click()
  await expect(page.getByRole('img', { name: 'A logo' })).toBeAttached()
})

test('the log is walked by keys and by pages while new messages arrive', async ({ page, context, server, db }) => {
  await signInAs('viewer', { server, db, context })
  const channel = await createChannel(db, paused)
  const chat = await createConversation(db, channel.id)
  for (let n = 1; n <= 60; n += 1) await createMessage(db, chat, { contactName: `Visitor ${n}.` })
  await page.goto(`/messages?channel=${channel.id}`)
  await createMessage(db, chat, { contactName: 'Visitor 61.' })
  await page.getByRole('link', { name: 'Older' }).click()
  await expect(page.getByRole('link', { name: 'Visitor 10.' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Visitor 11.' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Newer' }).click()
  await expect(page.getByRole('link', { name: 'Visitor 60.' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Back to the newest' })).toBeVisible()
  await page.getByRole('link', { name: 'Newer' }).click()
  await expect(page.getByRole('link', { name: 'Visitor 61.' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Visitor 12.' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Visitor 11.' })).toHaveCount(0)
  await page.keyboard.press('/')
  await page.keyboard.type('jk')
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('jk')
  await page.getByRole('heading', { name: 'Messages' }).click()
  for (const key of ['j', 'j', 'k', 'Enter']) await page.keyboard.press(key)
  await expect(page.getByRole('heading', { name: 'From Visitor 61.' })).toBeVisible()
})
