import { once } from 'node:events'
import net from 'node:net'
import type { Page } from '@playwright/test'
import { putSandboxFault } from '#db/queries/sandbox-faults'
import { expect, startOver, test } from '#tests/e2e/fixtures'

test.describe.configure({ mode: 'serial' })
test.beforeAll(startOver)

const PASSWORD = 'lantern copper meadow quartz'
let token = ''

async function setUpWithSandbox(page: Page): Promise<void> {
  await page.goto('/setup')
  await page.getByRole('textbox', { name: 'Name' }).fill('Olga Owner')
  await page.getByLabel('E-mail').fill('olga@example.com')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Set up and explore the sandbox' }).click()
  await expect(page).not.toHaveURL(/setup/)
}

test('a visitor writes, a teammate answers with a file, the visitor reads it', async ({ page, browser, baseURL }) => {
  await setUpWithSandbox(page)
  await page.goto('/sandbox')
  token = (await page.getByText(/^sandbox_/).textContent()) ?? ''
  const chatAddress = await page.getByRole('link', { name: 'Open the visitor’s chat' }).getAttribute('href')
  const visitors = await browser.newContext({ baseURL: baseURL ?? '' })
  const chat = await visitors.newPage()
  await chat.goto(chatAddress ?? '')
  await chat.getByLabel('Your name').fill('Ada Lovelace')
  await chat.getByRole('button', { name: 'Start chatting' }).click()
  await chat.getByLabel('Message', { exact: true }).fill('My snake_case_order *42* is late')
  await chat.getByLabel('Message', { exact: true }).press('Enter')

  await page.goto('/sandbox/inbox')
  await page.getByRole('link', { name: 'Ada Lovelace' }).click()
  const thread = page.getByRole('list', { name: 'Messages' })
  await expect(thread.getByText('My snake_case_order *42* is late')).toBeVisible()
  await page.getByLabel('Reply').fill('It leaves today.')
  await page.getByLabel('Send as').selectOption('Jonas')
  const label = { name: 'label.txt', mimeType: 'text/plain', buffer: Buffer.from('your label') }
  await page.getByLabel(/^File/).setInputFiles(label)
  await page.getByRole('button', { name: 'Send reply' }).click()

  await expect(chat.getByText('It leaves today.')).toBeVisible()
  await expect(chat.getByText('Jonas Weber')).toBeVisible()
  const link = await chat.getByRole('link', { name: /label\.txt/ }).getAttribute('href')
  expect(await (await visitors.request.get(link ?? '')).text()).toBe('your label')
  await visitors.close()
})

test('a reply with a wrong signature fails, is told, and can be sent again', async ({ page }) => {
  await signIn(page)
  await page.goto('/sandbox/faults')
  await page.getByRole('button', { name: 'Switch on: Wrong signature, by Front' }).click()
  await expect(page.getByText('The sandbox fails on purpose.')).toBeVisible()
  await page.goto('/sandbox/inbox')
  await page.getByRole('link', { name: 'Ada Lovelace' }).click()
  await page.getByLabel('Reply').fill('Are you still there?')
  await page.getByRole('button', { name: 'Send reply' }).click()
  await expect(page.getByText(/Failed to send\. The outgoing URL answered 401/)).toBeVisible()
  await page.getByRole('button', { name: 'Send again' }).click()
  await expect(page.getByText('Failed to send')).toBeHidden()
})

async function signIn(page: Page): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('E-mail').fill('olga@example.com')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).not.toHaveURL(/login/)
}

test('a signed-out visitor sees the chat and nothing else of the sandbox', async ({ page, request }) => {
  for (const path of ['/sandbox', '/sandbox/inbox', '/sandbox/channels', '/sandbox/faults', '/sandbox/calls']) {
    await page.goto(path)
    await expect(page).toHaveURL(/\/login/)
  }
  expect((await page.goto('/sandbox/chat/ch_none'))?.status()).toBe(404)
  expect((await request.get('/sandbox/front/me')).status()).toBe(401)
  expect((await request.post('/sandbox/provider/ch_none', { data: {} })).status()).toBe(404)
})

const MESSAGE = JSON.stringify({ sender: { handle: 'raw' }, body: 'Lost?', body_format: 'html' })

/** Posts a message over a bare socket, which shows what really crosses it. */
function postRaw(url: string) {
  const { hostname, port, host } = new URL(url)
  const socket = net.connect(Number(port), hostname)
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  const head = ['POST /sandbox/front/channels/cha_sandboxchat/incoming_messages HTTP/1.1', `host: ${host}`]
  const headers = [
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    `content-length: ${MESSAGE.length}`,
  ]
  socket.write(`${[...head, ...headers].join('\r\n')}\r\n\r\n${MESSAGE}`)
  return { socket, received: () => received }
}

test('a dropped answer closes the connection without a byte, after the message was stored', async ({
  server,
  db,
  sql,
}) => {
  await putSandboxFault(db, { side: 'front', kind: 'drop', remaining: 1, options: {} })
  const { socket, received } = postRaw(server.url)
  await once(socket, 'close')
  expect(received()).toBe('')
  const [row] =
    await sql`select count(*)::int as stored from sandbox_messages where content->'sender'->>'handle' = 'raw'`
  expect(row?.stored).toBe(1)
})

test('a call that hangs gets no byte and stores nothing, and its end is noticed', async ({ server, db, sql }) => {
  await putSandboxFault(db, { side: 'front', kind: 'hang', remaining: 1, options: {} })
  const { socket, received } = postRaw(server.url)
  const spent = async () => (await sql`select 1 from sandbox_faults where kind = 'hang' and remaining = 0`).length
  await expect.poll(spent).toBe(1)
  expect(received()).toBe('')
  expect(socket.closed).toBe(false)
  socket.destroy()
  const logged = async () => (await sql`select 1 from sandbox_calls where fault = 'hang'`).length
  await expect.poll(logged).toBe(1)
  const rows = await sql`select 1 from sandbox_messages where content->'sender'->>'handle' = 'raw'`
  expect(rows).toHaveLength(1)
})
