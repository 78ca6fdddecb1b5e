import { createHmac } from 'node:crypto'
import type { Page } from '@playwright/test'
import { findConnectionByToken } from '#db/queries/connections'
import { hashToken } from '#lib/secrets'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { createApp } from '#tests/support/applications'
import { exploreAs } from '#tests/support/explored'
import { createCompany } from '#tests/support/factories'
import { readSecret } from '#tests/support/read-secret'
import { keysOf } from '#tests/support/signed-in'

test.beforeAll(startOver)

const SECRET = 'the-signing-key-of-the-app'

async function fillApp(page: Page) {
  await page.goto('/apps/new')
  await page.getByLabel('Name', { exact: true }).fill('Website messenger')
  await page.getByLabel('App UID').fill('64711a73def367ca')
  await page.getByLabel(/^App secret/).fill(SECRET)
}

test('an app is registered, and every address to paste into Front is on its page', async ({
  page,
  context,
  server,
  db,
}) => {
  await exploreAs('admin', { server, db, context })
  await fillApp(page)
  await page.getByLabel('App UID').fill('not a uid')
  await page.getByRole('radio', { name: /OAuth, with sign-in/ }).check()
  await page.getByRole('button', { name: 'Register the app' }).click()
  await expect(page.getByText(/Copy the App UID from Front/).first()).toBeVisible()
  await expect(page.getByLabel(/^App secret/)).toHaveValue(SECRET)
  await expect(page.getByRole('radio', { name: /OAuth, with sign-in/ })).toBeChecked()
  await page.getByLabel('App UID').fill('64711a73def367ca')
  await page.getByRole('button', { name: 'Register the app' }).click()
  await expect(page.getByText('Website messenger is registered')).toBeVisible()
  const clientSecret = await readSecret(page, 'OAuth client secret')
  expect(clientSecret).toMatch(/^pbs_/)

  await page.getByRole('link', { name: 'Set it up in Front' }).click()
  const codes = page.getByRole('code')
  await expect(codes.filter({ hasText: /\/api\/front\/apps\/app_[\w-]+$/ })).toBeVisible()
  await expect(codes.filter({ hasText: /\/oauth\/app_[\w-]+\/authorize$/ })).toBeVisible()
  await expect(codes.filter({ hasText: /\/api\/oauth\/app_[\w-]+\/token$/ })).toHaveCount(2)
  await expect(codes.filter({ hasText: /\/api\/oauth\/app_[\w-]+\/introspect$/ })).toBeVisible()
  for (const secret of [clientSecret, SECRET]) expect(await page.content()).not.toContain(secret)
})

test('a connect key is shown once, listed by its last characters, and opens nothing once it is revoked', async ({
  page,
  context,
  server,
  db,
}) => {
  await exploreAs('admin', { server, db, context })
  const app = await createApp(db, { keys: keysOf(server) })
  await page.goto(`/apps/${app.id}/keys`)
  await page.getByRole('button', { name: 'Make a connect key' }).click()
  await expect(page.getByText(/Give the key a name/)).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('Berlin support')
  await page.getByRole('button', { name: 'Make a connect key' }).click()
  const key = await readSecret(page, 'Connect key for Berlin support')
  expect(await findConnectionByToken(db, hashToken(key))).toMatchObject({ app: { id: app.id } })

  await page.reload()
  await expect(page.getByText(`…${key.slice(-4)}`)).toBeVisible()
  expect(await page.content()).not.toContain(key)
  await page.getByRole('button', { name: 'Revoke Berlin support' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click()
  await expect(page.getByText('Revoked. It opens nothing any more.')).toBeVisible()
  await expect(page.getByRole('cell', { name: /Revoked/ })).toBeVisible()
  const { connection } = (await findConnectionByToken(db, hashToken(key))) ?? {}
  expect(connection?.revokedAt).toBeInstanceOf(Date)
})

test('a pasted call is told by which signature it carries, or why by none', async ({ page, context, server, db }) => {
  await exploreAs('admin', { server, db, context })
  const app = await createApp(db, { keys: keysOf(server), secret: SECRET })
  const timestamp = String(Date.now())
  const body = '{"type":"authorization",\n "payload":{}}'
  const sign = (secret: string) => createHmac('sha256', secret).update(`${timestamp}:${body}`).digest('base64')
  await page.goto(`/apps/${app.id}/test`)
  await page.getByLabel('X-Front-Signature').fill(sign(SECRET))
  await page.getByLabel('X-Front-Request-Timestamp').fill(timestamp)
  await page.getByLabel(/^Body/).fill(body)
  await page.getByRole('button', { name: 'Test it' }).click()
  await expect(page.getByText('The signature is right', { exact: true })).toBeVisible()
  await expect(page.getByText('HMAC-SHA256 over time and body, with the current app secret.')).toBeVisible()
  await page.getByLabel('X-Front-Signature').fill(sign('the OAuth client secret'))
  await page.getByRole('button', { name: 'Test it' }).click()
  await expect(page.getByText(/made over something else, or with another secret/)).toBeVisible()
  await expect(page.getByText(/OAuth client secret stands on another tab/)).toBeVisible()
  await expect(page.getByLabel(/^Body/)).toHaveValue(body)
})

test('the status of answers is one setting, and the app secret can be changed with an overlap', async ({
  page,
  context,
  server,
  db,
}) => {
  await exploreAs('admin', { server, db, context })
  const company = await createCompany(db, { name: 'Example company' })
  const app = await createApp(db, { keys: keysOf(server), companyId: company.id, name: 'Phone line' })
  await page.goto(`/apps/${app.id}/settings`)
  await page.getByRole('radio', { name: /The matching status/ }).check()
  await page.getByRole('button', { name: 'Save the settings' }).click()
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible()
  await page.getByLabel('New app secret (signing key)').fill('the-second-signing-key')
  await page.getByRole('button', { name: 'Store the new secret' }).click()
  await expect(page.getByText('Stored. Both work for the time you chose.')).toBeVisible()
  await expect(page.getByText('Two secrets work at the moment')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('radio', { name: /The matching status/ })).toBeChecked()
  await page.getByRole('button', { name: 'Archive…' }).click()
  await page.getByLabel(/^Type its name/).fill('Phone line')
  await page.getByRole('button', { name: 'Archive the app' }).click()
  await expect(page.getByText('This app is archived')).toBeVisible()
})
