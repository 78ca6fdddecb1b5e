import { expect, startOver, test } from '#tests/e2e/fixtures'
import { applicationScene } from '#tests/support/application-scene'
import { createApp, createApplicationChannel } from '#tests/support/applications'
import { createCompany, createConversation, createMessage } from '#tests/support/factories'
import { readSecret } from '#tests/support/read-secret'
import { keysOf, signInAs } from '#tests/support/signed-in'

test.beforeAll(startOver)

test('support marks a channel offline with a reason, sees what is kept, and brings it back', async ({
  page,
  context,
  server,
  db,
}) => {
  await signInAs('support', { server, db, context })
  const app = await createApp(db, { keys: keysOf(server) })
  const { id } = await createApplicationChannel(db, app, { name: 'Help desk' })
  await page.goto(`/channels/${id}`)
  await page.getByRole('button', { name: 'Mark offline' }).click()
  const asking = page.getByRole('dialog', { name: 'Mark Help desk as offline?' })
  await expect(asking.getByText(/notice at the bottom left of Front/)).toBeVisible()
  await asking.getByLabel('Why').fill('The access has expired.')
  await asking.getByRole('button', { name: 'Mark offline' }).click()
  await expect(page.getByText('Offline. Front is being told, and replies are kept.')).toBeVisible()

  const inFront = page.getByRole('region', { name: 'In Front' })
  await expect(inFront.getByText(/^Offline since/)).toBeVisible()
  await expect(inFront.getByText('The access has expired.')).toBeVisible()
  await expect(inFront.getByText('That it is offline')).toBeVisible()
  const chat = await createConversation(db, id)
  await createMessage(db, chat, { direction: 'outbound', delivery: { status: 'pending' } })
  await page.reload()
  await expect(inFront.getByText(/One reply is kept/)).toBeVisible()
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'Help desk' })).toBeVisible()

  await page.goto(`/channels/${id}`)
  await page.getByRole('button', { name: 'Back online' }).click()
  const returning = page.getByRole('dialog', { name: 'Bring Help desk back online?' })
  await expect(returning.getByText(/1 reply waits and goes out in order/)).toBeVisible()
  await returning.getByRole('button', { name: 'Back online' }).click()
  await expect(page.getByText('Back online. What waited goes out in order.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Mark offline' })).toBeVisible()
  await expect(inFront.getByText('That it works')).toBeVisible()
})

test('an admin prepares a channel, pastes its key into Front, and the page notices that Front has come', async ({
  page,
  context,
  server,
  db,
  sql,
}) => {
  await signInAs('admin', { server, db, context })
  await createCompany(db, { name: 'Another company' })
  const company = await createCompany(db, { name: 'Wizard Company' })
  const app = await createApp(db, { keys: keysOf(server), companyId: company.id, name: 'Wizard app' })
  await page.goto('/channels/new')
  await page.getByRole('radio', { name: /Wizard Company/ }).check()
  await page.getByRole('radio', { name: /An application channel/ }).check()
  await expect(page.getByRole('combobox', { name: 'App' })).toHaveValue(app.id)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Prepared')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Receive-only').check()
  await page.getByRole('button', { name: 'Prepare the channel' }).click()
  await expect(page.getByText('Waiting for Front…')).toBeVisible()
  expect(await readSecret(page, 'Connect key')).toMatch(/^pbc_/)
  await expect(page.getByText(/choose the app Wizard app/)).toBeVisible()

  await sql`update channels set front_channel_id = 'cha_wizard', connected_at = now() where app_id = ${app.id}`
  await expect(page.getByText('Prepared is connected')).toBeVisible()
  await page.getByRole('link', { name: 'Open the channel' }).click()
  await expect(page.getByRole('heading', { name: 'Prepared' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Mark offline' })).toBeVisible()
})

test('an admin adds a template, changes it and switches it off', async ({ page, context, server, db }) => {
  await signInAs('admin', { server, db, context })
  const app = await createApp(db, { keys: keysOf(server) })
  const { id } = await createApplicationChannel(db, app)
  await page.goto(`/channels/${id}/templates`)
  await page.getByRole('link', { name: 'Add a template' }).click()
  await page.getByRole('button', { name: 'Add the template' }).click()
  await expect(page.getByText('Some fields need another look.')).toBeVisible()
  await page.getByLabel('Provider’s id').fill('parcel')
  await page.getByLabel('Name', { exact: true }).fill('Parcel update')
  await page.getByRole('textbox', { name: /^Preview/ }).fill('<p>Parcel {{1}}<script>alert(1)</script> is near.</p>')
  await page.getByRole('button', { name: 'Add a variable' }).click()
  await page.getByLabel('Name of variable 1').fill('Parcel number')
  await page.getByRole('button', { name: 'Add the template' }).click()

  await expect(page.getByRole('heading', { name: 'Parcel update' })).toBeVisible()
  await expect(page.getByText('Parcel {{1}} is near.', { exact: true })).toBeVisible()
  await page.getByLabel('Approval').selectOption('Approved')
  await page.getByRole('button', { name: 'Save the template' }).click()
  await expect(page.getByText('The whole template').nth(1)).toBeVisible()
  await page.getByRole('button', { name: 'Switch off' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click()
  await expect(page.getByText('This template is off')).toBeVisible()
  await expect(page.getByText('Changed: whether it is switched off.')).toBeVisible()
})

test('a viewer listens to a recording and reads what Front was told, but cannot ask for a retry', async ({
  page,
  context,
  server,
  db,
  request,
}) => {
  await signInAs('viewer', { server, db, context })
  const { channel, call, message } = await applicationScene(db, { keys: keysOf(server) })
  await page.goto(`/channels/${channel.id}/calls`)
  await page.getByRole('link', { name: 'Help', exact: true }).click()
  await expect(page.getByText(/Grace will call back/)).toBeVisible()
  const saving = page.getByRole('link', { name: 'Save the recording' })
  const href = (await saving.getAttribute('href')) ?? ''
  const answer = await context.request.get(href)
  expect([answer.status(), await answer.text()]).toEqual([200, 'not really a sound'])
  expect((await request.get(href, { maxRedirects: 0 })).status()).toBe(307)
  expect((await context.request.get(href.replace(call.id, message.id))).status()).toBe(404)

  await page.goto(`/messages/${message.id}`)
  const told = page.getByRole('region', { name: 'What Front was told' })
  await expect(told.getByText('The reply did not reach the customer')).toBeVisible()
  await expect(told.getByText('Front could not be told')).toBeVisible()
  await expect(told.getByRole('button')).toHaveCount(0)
})
