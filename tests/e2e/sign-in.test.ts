import type { Page } from '@playwright/test'
import type { Database } from '#db/client'
import { closeSetUp } from '#db/queries/installation'
import { insertUser } from '#db/queries/users'
import { hashPassword } from '#lib/passwords'
import { expect, startOver, test } from '#tests/e2e/fixtures'

const PASSWORD = 'lantern copper meadow quartz'
const NO_MATCH = 'That e-mail and password do not match.'
let passwordHash = ''

test.beforeAll(startOver)
test.beforeAll(async ({ connection: { db } }) => {
  passwordHash = await hashPassword(PASSWORD)
  await closeSetUp(db, new Date())
})

async function addPerson(db: Database): Promise<string> {
  const email = `sam-${Math.random().toString(36).slice(2)}@example.com`
  await insertUser(db, { email, name: 'Sam Support', role: 'support', passwordHash })
  return email
}

async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('signing in leads back to the page that was asked for', async ({ page, db }) => {
  const email = await addPerson(db)
  await page.goto('/messages?status=failed')
  await expect(page.getByText('You go on to the page you asked for.')).toBeVisible()
  await signIn(page, { email, password: PASSWORD })
  await expect(page).toHaveURL(/\/messages\?status=failed$/)
  await expect(page.getByRole('heading', { name: 'Messages' })).toBeVisible()
})

test('no script and no other site gets the session cookie', async ({ page, context, db }) => {
  await page.goto('/login')
  await signIn(page, { email: await addPerson(db), password: PASSWORD })
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  const session = (await context.cookies()).filter(({ name }) => name.includes('session'))
  expect(session).toEqual([expect.objectContaining({ httpOnly: true, sameSite: 'Lax' })])
  expect(await page.evaluate(() => document.cookie)).not.toContain('session')
})

test('signing out closes every page of this browser', async ({ page, context, db }) => {
  await page.goto('/login')
  await signIn(page, { email: await addPerson(db), password: PASSWORD })
  await page.getByRole('button', { name: /^Account/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/login$/)
  expect((await context.cookies()).filter(({ name }) => name.includes('session'))).toEqual([])
  await page.goto('/channels')
  await expect(page).toHaveURL(/\/login\?next=%2Fchannels$/)
})

test('a wrong password and an unknown person get the same answer, and the e-mail stays in its field', async ({
  page,
  db,
}) => {
  const email = await addPerson(db)
  await page.goto('/login')
  for (const typed of [email, 'nobody-knows@example.com']) {
    await signIn(page, { email: typed, password: 'a wrong password' })
    await expect(page.getByText(NO_MATCH)).toBeVisible()
    await expect(page.getByLabel('E-mail')).toHaveValue(typed)
  }
})

test('after five failures the account has to wait, even with the right password, until time has passed', async ({
  page,
  db,
  sql,
}) => {
  const email = await addPerson(db)
  await page.goto('/login')
  for (let n = 1; n <= 5; n += 1) {
    const answered = page.waitForResponse((response) => response.request().method() === 'POST')
    await signIn(page, { email, password: `wrong ${n}` })
    await answered
    await expect(page.getByText(NO_MATCH)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
  }
  await signIn(page, { email, password: PASSWORD })
  await expect(page.getByText(/^Too many tries to sign in\. Try again in /)).toBeVisible()
  await sql`update throttles set tat = tat - interval '10 minutes'`
  await signIn(page, { email, password: PASSWORD })
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
})

const HOSTILE = [
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/%5C/evil.example',
  '\\\\evil.example',
  'javascript:alert(1)',
  '/api/auth/signout',
  '/.//evil.example',
]

for (const name of ['next', 'callbackUrl']) {
  test(`a hostile ${name} leads to the overview`, async ({ page, db, server }) => {
    await page.goto(`/login?${name}=${encodeURIComponent('https://evil.example/')}`)
    await signIn(page, { email: await addPerson(db), password: PASSWORD })
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
    for (const hostile of HOSTILE) {
      const answer = await page.request.get(`/login?${name}=${encodeURIComponent(hostile)}`, { maxRedirects: 0 })
      const { origin } = new URL(answer.headers().location ?? 'none:', server.url)
      expect.soft([hostile, answer.status(), origin]).toEqual([hostile, 307, new URL(server.url).origin])
    }
  })
}
