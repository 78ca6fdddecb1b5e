import type { Page } from '@playwright/test'
import { SANDBOX_COMPANY, sandboxBaseUrl, sandboxToken } from '#lib/sandbox/identity'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { signedInPages } from '#tests/support/pages'
import { keysOf } from '#tests/support/signed-in'

test.describe.configure({ mode: 'serial' })
test.beforeAll(startOver)

const PASSWORD = 'lantern copper meadow quartz'

async function fillOwner(page: Page, { name, email, password = PASSWORD }: Record<string, string>): Promise<void> {
  await page.goto('/setup')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name ?? '')
  await page.getByLabel('E-mail').fill(email ?? '')
  await page.getByLabel('Password', { exact: true }).fill(password)
}

test('an empty installation leads every page to the set-up', async ({ page, request }) => {
  for (const path of [...signedInPages(), '/login']) {
    const answer = await request.get(path, { maxRedirects: 0 })
    expect.soft([path, answer.status(), answer.headers().location]).toEqual([path, 307, '/setup'])
  }
  await page.goto('/messages')
  await expect(page.getByRole('heading', { name: 'Set up Patchbay' })).toBeVisible()
})

test('a weak password is refused with words, and what was typed stays', async ({ page, sql }) => {
  await fillOwner(page, { name: 'Olga Owner', email: 'olga@example.com', password: 'olga owner example' })
  await page.getByRole('button', { name: 'Set up and explore the sandbox' }).click()
  await expect(page.getByText(/too close to your name, e-mail or company/).first()).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Olga Owner')
  await page.getByLabel('Password', { exact: true }).fill('password1234')
  await page.getByRole('button', { name: 'Set up and explore the sandbox' }).click()
  await expect(page.getByText(/easy to guess|much used password/).first()).toBeVisible()
  expect(await sql`select 1 from users`).toHaveLength(0)
})

test('an API token is tried in Front before anything is stored', async ({ page, server, sql }) => {
  await fillOwner(page, { name: 'Olga Owner', email: 'olga@example.com' })
  await page.getByRole('radio', { name: 'Connect Front' }).check()
  await page.getByLabel('Company name').fill('Acme')
  await page.getByLabel('Address of Front’s API').fill(sandboxBaseUrl(server.url))
  await page.getByRole('textbox', { name: /^API token/ }).fill('not-the-token')
  await page.getByRole('button', { name: 'Set up Patchbay' }).click()
  await expect(page.getByText('The token does not work')).toBeVisible()
  await page.getByRole('textbox', { name: /^API token/ }).fill(sandboxToken(keysOf(server)))
  await page.getByRole('button', { name: 'Check the token' }).click()
  await expect(page.getByText(`It works: ${SANDBOX_COMPANY.name} (${SANDBOX_COMPANY.id})`)).toBeVisible()
  expect(await sql`select 1 from users`).toHaveLength(0)
})

test('of two who set up at the same moment one becomes the owner, and the other is told', async ({
  browser,
  server,
  sql,
}) => {
  const contexts = await Promise.all([1, 2].map(() => browser.newContext({ baseURL: server.url })))
  const pages = await Promise.all(contexts.map((context) => context.newPage()))
  await Promise.all(pages.map((page, n) => fillOwner(page, { name: `Owner ${n}`, email: `owner-${n}@example.com` })))
  await Promise.all(pages.map((page) => page.getByRole('button', { name: /^Set up and explore/ }).click()))
  const refusal = 'Patchbay has been set up already. Sign in instead.'
  const endings = await Promise.all(
    pages.map(async (page) => {
      const ending = page.getByRole('heading', { name: 'Sandbox' }).or(page.getByText(refusal)).first()
      await expect(ending).toBeVisible()
      return ending.textContent()
    }),
  )
  expect(endings.sort()).toEqual([refusal, 'Sandbox'])
  const users = await sql`select role from users`
  expect(users.map(({ role }) => role)).toEqual(['owner'])
  await Promise.all(contexts.map((context) => context.close()))
})

test('the set-up stays closed for good', async ({ page, sql }) => {
  await page.goto('/setup')
  await expect(page).toHaveURL(/\/login$/)
  await sql`update users set disabled_at = now()`
  await page.goto('/setup')
  await expect(page).toHaveURL(/\/login$/)
})
