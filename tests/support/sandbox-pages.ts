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
  await expect(page.getByRole('heading', { name })).toBeVisible()
}

export async function replyInInbox(page: Page, text: string): Promise<void> {
  await page.getByLabel('Reply', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send reply' }).click()
  await expect(page.getByRole('list', { name: 'Messages' }).getByText(text)).toBeVisible()
}
