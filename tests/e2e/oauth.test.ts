import type { Page } from '@playwright/test'
import { closeSetUp } from '#db/queries/installation'
import { insertUser } from '#db/queries/users'
import { makeConnectKey } from '#lib/flows/make-connect-key'
import { hashPassword } from '#lib/passwords'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { createApplicationChannel } from '#tests/support/applications'
import { createOAuthApp } from '#tests/support/oauth'
import { signInAs } from '#tests/support/signed-in'

const PASSWORD = 'lantern copper meadow quartz'
const REDIRECT = 'https://app.frontapp.com/oauth/callback?tenant=7'
const STATE = 'a b+c&é"1'

test.beforeAll(startOver)

function signInPath(appKey: string, more: Record<string, string> = {}): string {
  return `/oauth/${appKey}/authorize?${new URLSearchParams({ redirect_uri: REDIRECT, state: STATE, ...more })}`
}

/** What the browser asks of Front when it is led back; there is no Front here that would answer. */
async function ledBack(page: Page, press: () => Promise<void>) {
  const asked = page.waitForRequest((request) => request.url().startsWith('https://app.frontapp.com/'))
  await press()
  const { origin, pathname, searchParams } = new URL((await asked).url())
  return { place: origin + pathname, ...Object.fromEntries(searchParams) }
}

const press = (page: Page, name: string) => () => page.getByRole('button', { name, exact: true }).click()

test('somebody who is signed out signs in, comes back with everything, and allows a new channel', async ({
  page,
  db,
}) => {
  const app = await createOAuthApp(db)
  const email = `mina-${app.id}@example.com`
  await insertUser(db, { email, name: 'Mina', role: 'admin', passwordHash: await hashPassword(PASSWORD) })
  await closeSetUp(db, new Date())
  await page.goto(signInPath(app.key, { response_type: 'code', client_id: app.oauthClientId }))
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()

  await expect(page.getByRole('heading', { name: `Connect ${app.name} to Front?` })).toBeVisible()
  await expect(page.getByRole('definition').filter({ hasText: 'app.frontapp.com' })).toBeVisible()
  await page.getByLabel('Name of the new channel').fill('Shop chat')
  await page.getByLabel(/^Address of the new channel/).fill('shop')
  const back = await ledBack(page, () => page.keyboard.press('Enter'))
  expect(back).toEqual({
    place: 'https://app.frontapp.com/oauth/callback',
    tenant: '7',
    code: expect.stringMatching(/^pbo_/),
    state: STATE,
  })
})

test('a channel that waits is offered first; refusing tells Front so', async ({ page, context, server, db }) => {
  await signInAs('admin', { server, db, context })
  const app = await createOAuthApp(db)
  await createApplicationChannel(db, app, { name: 'Berlin', frontChannelId: 'unfinished:berlin', connectedAt: null })
  await page.goto(signInPath(app.key))
  await expect(page.getByRole('radio', { name: /^Berlin/ })).toBeChecked()
  await expect(page.getByLabel('Name of the new channel')).toBeHidden()
  const back = await ledBack(page, press(page, 'Do not allow'))
  expect(back).toMatchObject({ error: 'access_denied', state: STATE, tenant: '7' })
  expect(back).not.toHaveProperty('code')
})

test('an address that is taken is asked for again, and nothing has to be typed twice', async ({
  page,
  context,
  server,
  db,
}) => {
  await signInAs('owner', { server, db, context })
  const app = await createOAuthApp(db)
  await createApplicationChannel(db, app, { name: 'Berlin' })
  const order = { appId: app.id, name: 'Key', channelId: null, address: 'shop', actor: 'mina@example.com' }
  await makeConnectKey(db, { ...order, now: new Date() })
  await page.goto(signInPath(app.key))
  await page.getByRole('radio', { name: /^A new channel/ }).check()
  await page.getByLabel('Name of the new channel').fill('Shop chat')
  await page.getByLabel(/^Address of the new channel/).fill('shop')
  await press(page, 'Allow')()
  await expect(page.getByRole('alert').filter({ hasText: 'has that address already' })).toBeVisible()
  await expect(page.getByRole('radio', { name: /^A new channel/ })).toBeChecked()
  await expect(page.getByLabel('Name of the new channel')).toHaveValue('Shop chat')
  await page.getByLabel(/^Address of the new channel/).fill('shop-2')
  expect(await ledBack(page, press(page, 'Allow'))).toMatchObject({ code: expect.any(String), state: STATE })
})

test('a hostile address is refused in plain words and led to by nobody', async ({ page, context, server, db }) => {
  await signInAs('admin', { server, db, context })
  const app = await createOAuthApp(db)
  const left: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) left.push(request.url())
  })
  await page.goto(signInPath(app.key, { redirect_uri: 'https://app.frontapp.com.evil.example/oauth' }))
  await expect(page.getByRole('heading', { name: 'This cannot be connected' })).toBeVisible()
  await expect(page.getByText('app.frontapp.com.evil.example is not among the hosts')).toBeVisible()
  await expect(page.getByRole('button', { name: /llow/ })).toHaveCount(0)
  await page.goto('/requests')
  await expect(page.getByRole('table').getByText('A sign-in that leads nowhere')).toBeVisible()
  expect(left).toEqual([])
})

test('a viewer may only go back', async ({ page, context, server, db }) => {
  await signInAs('viewer', { server, db, context })
  const app = await createOAuthApp(db)
  await page.goto(signInPath(app.key))
  await expect(page.getByText('Only admins and owners may connect a channel.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Allow', exact: true })).toHaveCount(0)
  expect(await ledBack(page, press(page, 'Go back to Front'))).toMatchObject({ error: 'access_denied' })
})
