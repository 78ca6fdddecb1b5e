import { type Browser, expect, type Page } from '@playwright/test'
import type { TestServer } from '#tests/support/server'

type Place = { browser: Browser; server: TestServer }

/** A visitor's chat in a browser of its own, with the name given. Close `visitor.context()` in the end. */
export async function openChat({ browser, server }: Place, { channelKey, name }: { channelKey: string; name: string }) {
  const context = await browser.newContext({ baseURL: server.url })
  const visitor = await context.newPage()
  await visitor.goto(`/sandbox/chat/${channelKey}`)
  await visitor.getByLabel('Your name').fill(name)
  await visitor.getByRole('button', { name: 'Start chatting' }).click()
  await expect(visitor.getByText(`You are ${name}.`)).toBeVisible()
  return visitor
}

export async function writeAsVisitor(visitor: Page, text: string): Promise<void> {
  await visitor.getByLabel('Message', { exact: true }).fill(text)
  await visitor.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(visitor.getByRole('list', { name: 'Messages' }).getByText(text)).toBeVisible()
}

/** Opens a conversation of the sandbox's inbox by its customer, once it is there. */
export async function openInInbox(page: Page, name: string): Promise<void> {
  await page.goto('/sandbox/inbox')
  await page.getByRole('link', { name }).first().click()
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible()
}

export async function replyInInbox(page: Page, text: string): Promise<void> {
  await page.getByLabel('Reply', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send reply' }).click()
  await expect(page.getByRole('list', { name: 'Messages' }).getByText(text, { exact: true })).toBeVisible()
}

/** One click: an app that both sides know, and a channel of it that is connected. */
export async function exploreApplication(page: Page): Promise<void> {
  await page.goto('/sandbox')
  await page.getByRole('button', { name: 'Explore an application channel' }).click()
  await expect(page.getByText('The application channel is ready')).toBeVisible()
}

type NewApp = { name: string; authentication?: string; scope?: string }

/** Registers an app in the sandbox's Front. Returns what Patchbay asks for. */
export async function registerSandboxApp(
  page: Page,
  { name, authentication = 'API token', scope = 'One channel' }: NewApp,
): Promise<{ uid: string; secret: string }> {
  await page.goto('/sandbox/apps')
  await page.getByLabel('App name').fill(name)
  await page.getByLabel('Server authentication').selectOption({ label: authentication })
  await page.getByLabel('One connection is for').selectOption({ label: scope })
  await page.getByRole('button', { name: 'Register app' }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  const identity = page.getByRole('region', { name: 'Basic information' })
  const read = async (pattern: RegExp) => (await identity.getByText(pattern).textContent()) ?? ''
  return { uid: await read(/^[0-9a-f]{16}$/), secret: await read(/^[0-9a-z]{40}$/) }
}

/** Fills fields of an app's settings by their labels, such as “Server URL”, and saves them. */
export async function saveSandboxApp(page: Page, uid: string, fields: Record<string, string>): Promise<void> {
  await page.goto(`/sandbox/apps/settings?app=${uid}`)
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
}

type NewChannel = { uid: string; inbox?: string; name?: string; key: string }

/** Sends the form that connects a channel by an API token. What comes of it is for the caller to expect. */
export async function connectByKey(page: Page, { uid, inbox = 'Support', name = '', key }: NewChannel): Promise<void> {
  await page.goto(`/sandbox/connect?app=${uid}`)
  await page.getByLabel('Inbox').selectOption({ label: inbox })
  await page.getByLabel('Channel name').fill(name)
  await page.getByLabel('API token', { exact: true }).fill(key)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
}

/** Leaves for the app's authorize page. Coming back is the person's, and then the page's own, doing. */
export async function leaveForSignIn(page: Page, { uid, inbox = 'Support' }: { uid: string; inbox?: string }) {
  await page.goto(`/sandbox/connect?app=${uid}`)
  await page.getByLabel('Inbox').selectOption({ label: inbox })
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** An application channel on the page of channels. */
export function channelSection(page: Page, name: string) {
  return page.getByRole('region', { name })
}

/** The notice in the lower left corner of every page of the sandbox. */
export function troubleNotice(page: Page) {
  return page.getByRole('complementary', { name: 'Channels that need attention' })
}

/** A teammate writes first. */
export async function composeInInbox(
  page: Page,
  { channel, to, text }: { channel: string; to: string; text: string },
): Promise<void> {
  await page.goto('/sandbox/inbox?compose=1')
  await page.getByLabel('Channel').selectOption({ label: channel })
  await page.getByLabel('To', { exact: true }).fill(to)
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send message' }).click()
  await expect(page.getByRole('list', { name: 'Messages' }).getByText(text, { exact: true })).toBeVisible()
}

/** Deletes an application channel; its app is told in one of the forms that Front may use. */
export async function deleteSandboxChannel(page: Page, name: string, form?: string): Promise<void> {
  await page.goto('/sandbox/channels')
  await page.getByRole('button', { name: `Delete ${name}` }).click()
  if (form) await page.getByLabel('The app is told by').selectOption({ label: form })
  await page.getByRole('button', { name: 'Delete channel' }).click()
  await expect(page.getByRole('region', { name })).toBeHidden()
}
