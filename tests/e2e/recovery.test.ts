import { readFile } from 'node:fs/promises'
import type { Database } from '#db/client'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { exploreAs } from '#tests/support/explored'
import { createAttempt, createChannel, createConversation, createMessage } from '#tests/support/factories'
import { signInAs } from '#tests/support/signed-in'

test.describe.configure({ mode: 'serial' })
test.beforeAll(startOver)

const failed = { status: 'failed', attempts: 3, lastErrorClass: 'server_error' } as const

async function failReplies(db: Database, channelId: string, count: number, contactName: string): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const chat = await createConversation(db, channelId, { contactName: `${contactName} ${n}` })
    await createMessage(db, chat, { direction: 'outbound', body: `Reply ${n}`, delivery: failed })
  }
}

test('support recovers everything that matches a filter, watches it end and downloads the result', async ({
  page,
  context,
  server,
  db,
}) => {
  const { email, channelId } = await exploreAs('support', { server, db, context })
  await failReplies(db, channelId, 60, 'Rita Recovered')
  // Nothing can be sent there, and its schedule has no further attempt.
  const broken = await createChannel(db, { name: '=Broken channel', providerUrl: null, retryDelaysS: [] })
  await failReplies(db, broken.id, 1, 'Fred Failing')
  await page.goto('/messages')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Failed' }).click()
  await expect(page.getByText('61 messages match.')).toBeVisible()
  await page.getByRole('link', { name: 'Recover all 61' }).click()
  await expect(page.getByRole('heading', { name: 'Recover 61 messages', level: 1 })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Where they go' }).getByRole('listitem')).toHaveCount(2)
  await expect(page.getByText('less than a minute')).toBeVisible()
  await page.getByLabel('At most').selectOption('10 a minute')
  await expect(page.getByText('about 6 min')).toBeVisible()
  await page.getByLabel('At most').selectOption('6,000 a minute')
  await page.getByLabel('Note').fill('The gateway was down.')
  await page.getByRole('button', { name: 'Recover 61 messages' }).click()
  await expect(page.getByRole('heading', { name: /^Recovery of \d+ messages$/, level: 1 })).toBeVisible()
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 30_000 })
  const progress = page.getByRole('progressbar', { name: 'Messages that have ended' })
  await expect(progress).toHaveAttribute('aria-valuetext', '61 of 61')
  const left = page.getByRole('table', { name: 'What did not arrive' })
  await expect(left.getByRole('row')).toHaveCount(2)
  await expect(left.getByText('Failed again')).toBeVisible()

  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download the result' }).click()
  const file = await readFile(await (await downloading).path(), 'utf8')
  const lines = file.trim().split('\r\n')
  expect(lines).toHaveLength(62)
  expect(lines.filter((line) => line.includes(',Delivered,'))).toHaveLength(60)
  expect(lines.filter((line) => line.includes(",'=Broken channel,"))).toHaveLength(1)

  await left.getByRole('link', { name: 'Fred Failing 0' }).click()
  await expect(page.getByText(`${email} asked for a retry in a recovery: “The gateway was down.”`)).toBeVisible()
  await page.getByRole('link', { name: 'recovery', exact: true }).click()
  await page.getByRole('link', { name: 'Recoveries' }).click()
  await expect(page.getByRole('table', { name: 'Recoveries' }).getByText('61 messages')).toBeVisible()
})

test('a recovery is paused, resumed and cancelled; what was not sent stays failed', async ({
  page,
  context,
  server,
  db,
  sql,
}) => {
  const { email, channelId } = await exploreAs('support', { server, db, context })
  await failReplies(db, channelId, 30, 'Stan Slow')
  await page.goto(`/messages?status=failed&channel=${channelId}`)
  await page.getByRole('link', { name: 'Recover all 30' }).click()
  await page.getByLabel('At most').selectOption('10 a minute')
  await page.getByRole('button', { name: 'Recover 30 messages' }).click()
  await expect(page.getByText('Running', { exact: true })).toBeVisible()
  const confirm = async (opener: string, dialog: string, yes: string) => {
    await page.getByRole('button', { name: opener, exact: true }).click()
    await page.getByRole('dialog', { name: dialog }).getByRole('button', { name: yes, exact: true }).click()
  }
  await confirm('Pause', 'Pause this recovery?', 'Pause')
  await expect(page.getByText(`${email} paused it.`)).toBeVisible()
  await confirm('Resume', 'Resume this recovery?', 'Resume')
  await expect(page.getByText('Running', { exact: true })).toBeVisible()
  await confirm('Cancel it', 'Cancel this recovery?', 'Cancel the recovery')
  await expect(page.getByText(`${email} cancelled it.`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0)
  const left = async () => {
    const [row] =
      await sql`select count(*)::int as n from deliveries where channel_id = ${channelId} and status = 'failed'`
    return row?.n
  }
  await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuetext', '30 of 30')
  expect(await left()).toBeGreaterThan(20)
})

test('a viewer reads a recovery and starts none', async ({ page, context, server, db, sql }) => {
  await signInAs('viewer', { server, db, context })
  const [recovery] = await sql`select id from recoveries limit 1`
  await page.goto('/messages?status=failed')
  await expect(page.getByRole('table', { name: 'Messages' })).toBeVisible()
  await expect(page.getByRole('link', { name: /^Recover all/ })).toHaveCount(0)
  await page.goto('/recoveries/new?status=failed')
  await expect(page.getByRole('heading', { name: 'You may not see this page' })).toBeVisible()
  await page.goto(`/recoveries/${recovery?.id}`)
  await expect(page.getByRole('link', { name: 'Download the result' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Cancel it' })).toHaveCount(0)
})

test('a reply whose channel has moved is sent again as it was, or with today’s settings, as a person says', async ({
  page,
  context,
  server,
  db,
}) => {
  const email = await signInAs('support', { server, db, context })
  const target = { heldSince: new Date(), heldReason: 'Test' }
  const channel = await createChannel(db, { target, providerUrl: 'https://new.example/hook' })
  const chat = await createConversation(db, channel.id)
  const reply = await createMessage(db, chat, { direction: 'outbound', delivery: failed })
  const old = { url: 'https://old.example/hook', format: 'front_message', outcome: 'failed' } as const
  await createAttempt(db, reply.id, { ...old, errorClass: 'server_error', responseStatus: 500 })
  await page.goto(`/messages/${reply.id}`)
  await page.getByRole('button', { name: 'Retry' }).click()
  const dialog = page.getByRole('dialog', { name: 'How should it be sent?' })
  await expect(dialog.getByRole('radio', { name: 'With today’s settings' })).toBeChecked()
  await expect(dialog.getByText('https://new.example/hook')).toBeVisible()
  await expect(dialog.getByText('earlier ones are not kept')).toBeVisible()
  await dialog.getByRole('radio', { name: 'As it was' }).check()
  await dialog.getByLabel('Note').fill('The old gateway is back.')
  await dialog.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText('It goes out as it was sent before: to https://old.example/hook')).toBeVisible()
  const trail = `${email} asked for a retry as it was sent before: “The old gateway is back.”`
  await expect(page.getByText(trail)).toBeVisible()
  await createAttempt(db, reply.id, { ...old, n: 2, asWas: true, errorClass: 'server_error', responseStatus: 500 })
  await page.reload()
  await expect(page.getByText('Sent as an earlier attempt was.')).toBeVisible()
})

test('where there is nothing to choose one click sends again, and a note is a click more', async ({
  page,
  context,
  server,
  db,
}) => {
  const email = await signInAs('support', { server, db, context })
  const channel = await createChannel(db, { target: { heldSince: new Date(), heldReason: 'Test' } })
  const reply = await createMessage(db, await createConversation(db, channel.id), {
    direction: 'outbound',
    delivery: failed,
  })
  await page.goto(`/messages/${reply.id}`)
  await page.getByRole('button', { name: 'With a note' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send it again?' })
  await expect(dialog.getByRole('radio')).toHaveCount(0)
  await dialog.getByLabel('Note').fill('Asked by the customer.')
  await dialog.getByRole('button', { name: 'Retry' }).click()
  await expect(page.getByText(`${email} asked for a retry: “Asked by the customer.”`)).toBeVisible()
})
