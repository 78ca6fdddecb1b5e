import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import type { Database } from '#db/client'
import { listUsers } from '#db/queries/users'
import { makeConnectKey } from '#lib/flows/make-connect-key'
import { prepareApplicationChannel } from '#lib/flows/prepare-application-channel'
import { setChannelStatus } from '#lib/flows/set-channel-status'

import { startRecovery } from '#lib/flows/start-recovery'
import { sendTestAlert } from '#lib/flows/test-alert'
import { messageFilters } from '#lib/log-filters'

import type { SealingKeys } from '#lib/secrets'

import { expect, startOver, test } from '#tests/e2e/fixtures'
import { createAlertDestination } from '#tests/support/alerts'
import { applicationScene } from '#tests/support/application-scene'
import { createApp, createApplicationChannel } from '#tests/support/applications'
import { type Explored, exploreAs } from '#tests/support/explored'
import { createAttempt, createConversation, createMessage, createRequest, setTarget } from '#tests/support/factories'
import { signedInPages } from '#tests/support/pages'
import { sandboxScene } from '#tests/support/sandbox-scene'
import { keysOf } from '#tests/support/signed-in'

test.describe.configure({ mode: 'serial' })
test.beforeAll(startOver)

const PHONE = { width: 360, height: 740 }
const DESKTOP = { width: 1280, height: 800 }
const LONG = 'https://provider.example/a-very-long-address-without-any-break-'.padEnd(160, 'x')

/** What is wrong with the page as it stands: violations of axe in both themes, and whether a phone scrolls it sideways. */
async function faultsOf(page: Page, path: string): Promise<string[]> {
  const faults: string[] = []
  await page.setViewportSize(DESKTOP)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: /^Loading/ })).toHaveCount(0)
  faults.push(...(await violations(new AxeBuilder({ page }), `${path} light`)))
  await page.emulateMedia({ colorScheme: 'dark' })
  faults.push(...(await violations(new AxeBuilder({ page }).withRules(['color-contrast']), `${path} dark`)))
  await page.setViewportSize(PHONE)
  const tooWide = await page.evaluate(widestElement)
  if (tooWide) faults.push(`${path} scrolls sideways on a phone of ${PHONE.width} pixels: ${tooWide}`)
  return faults
}

/** The innermost element that makes the page wider than the window, where one does. Runs in the browser. */
function widestElement(): string | null {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return null
  const reaching = [...document.body.querySelectorAll('*')].filter(
    (element) => element.getBoundingClientRect().left + element.scrollWidth >= scrollWidth - 1,
  )
  return `${scrollWidth} by ${reaching.at(-1)?.outerHTML.slice(0, 200)}`
}

async function violations(axe: AxeBuilder, where: string): Promise<string[]> {
  // In the page itself: a second page for every run takes longer than the run.
  const found = (await axe.setLegacyMode().analyze()).violations
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${where}: ${id} ${html.slice(0, 160)}`))
}

/** One of everything, with words that do not break, so that every page has something to show. */
async function seed(db: Database, { channelId }: Explored, keys: SealingKeys) {
  await setTarget(db, channelId, 'inbound', { heldSince: new Date(), heldReason: LONG })
  const chat = await createConversation(db, channelId, { contactName: null, contactHandle: LONG })
  const failed = { status: 'failed', attempts: 1, lastErrorClass: 'refused_content', lastError: LONG } as const
  const message = await createMessage(db, chat, { body: LONG, delivery: failed })
  await createAttempt(db, message.id, { outcome: 'failed', errorClass: 'refused_content', error: LONG, url: LONG })
  await createMessage(db, chat, { direction: 'outbound', body: `<p>${LONG}</p>`, bodyFormat: 'html', bodyText: LONG })
  const request = await createRequest(db, channelId, { bodyExcerpt: LONG, message: LONG })
  const app = await createApp(db, { keys, name: LONG.slice(0, 100), authMethod: 'oauth', pinnedRedirectUri: LONG })
  const connecting = { appId: app.id, name: LONG.slice(0, 100), address: LONG, channelId: null, actor: LONG }
  await makeConnectKey(db, { ...connecting, now: new Date() })
  const [person] = await listUsers(db)
  // Its channel is held, so it stays as it is and says why.
  const recovery = await startRecovery(db, {
    filters: messageFilters.parse({ status: 'failed' }),
    perMinute: 60,
    way: 'as_was',
    reason: LONG,
    actor: LONG,
    now: new Date(Date.now() + 1000),
  })
  const signedInto = await createApp(db, { keys, name: LONG.slice(0, 100), companyId: app.companyId })
  await createApplicationChannel(db, signedInto, { name: LONG.slice(0, 100) })
  return {
    apps: app.id,
    oauth: signedInto.key,
    messages: message.id,
    conversations: chat.id,
    requests: request.id,
    channels: channelId,
    people: person?.id,
    recoveries: recovery,
    ...(await tellSomebody(db, channelId, keys)),
  }
}

/** A destination of alerts with everything chosen, and an alert that did not reach it. */
async function tellSomebody(db: Database, channelId: string, keys: SealingKeys) {
  const quiet = { quietFrom: '22:00', quietTo: '07:00', quietZone: 'America/Argentina/ComodRivadavia' }
  const chosen = { name: LONG.slice(0, 100), channelIds: [channelId], ...quiet }
  const settings = { kind: 'email' as const, to: [`${'a'.repeat(60)}@${'b'.repeat(60)}.example`] }
  const destination = await createAlertDestination(db, {
    keys,
    settings: { ...settings, to: [...settings.to] },
    ...chosen,
  })
  const test = { destinationId: destination.id, actor: LONG, publicUrl: 'https://patchbay.example', now: new Date() }
  const { id } = await sendTestAlert(db, test)
  return { alerts: destination.id, told: id }
}

test('set-up, which comes before everything, passes axe and fits a phone', async ({ page }) => {
  expect(await faultsOf(page, '/setup')).toEqual([])
})

test('every signed-in page passes axe in both themes and fits a phone', async ({ page, context, server, db }) => {
  test.setTimeout(240_000)
  const explored = await exploreAs('owner', { server, db, context })
  const ids: Record<string, string | undefined> = await seed(db, explored, keysOf(server))
  const paths = signedInPages((room) => ids[room] ?? '')
  const faults: string[] = []
  for (const path of [
    ...paths,
    `/messages/${ids.messages}?view=raw`,
    '/sandbox/inbox?compose=1',
    '/messages?q=nothing',
    '/messages?status=failed',
    '/recoveries/new?status=attention',
    `/oauth/${ids.oauth}/authorize?redirect_uri=https://app.frontapp.com/oauth&choice=new&problem=taken`,
  ]) {
    faults.push(...(await faultsOf(page, path)))
  }
  expect(faults).toEqual([])
})

test('every page of an application channel passes as well, with long words in it', async ({
  page,
  context,
  server,
  db,
}) => {
  test.setTimeout(240_000)
  await exploreAs('owner', { server, db, context })
  const keys = keysOf(server)
  const scene = await applicationScene(db, { keys, word: LONG.slice(8, 88) })
  const waiting = await prepareApplicationChannel(db, {
    appId: scene.app.id,
    basics: { name: 'Not connected yet', threading: { type: 'sender' } },
    frontInboxId: null,
    actor: 'ada@example.com',
    keys,
    now: new Date(),
  })
  await setChannelStatus(db, {
    channelId: scene.channel.id,
    status: 'offline',
    reason: LONG,
    by: LONG,
    now: new Date(),
  })
  const ids: Record<string, string> = {
    channels: scene.channel.id,
    templates: scene.template.id,
    calls: scene.call.id,
    messages: scene.message.id,
    conversations: scene.conversation.id,
  }
  const shown = signedInPages((room) => ids[room] ?? '').filter((path) =>
    Object.values(ids).some((id) => path.includes(id)),
  )
  const faults: string[] = []
  for (const path of [...shown, `/channels/${waiting.channel.id}`, '/channels', '/messages', '/']) {
    faults.push(...(await faultsOf(page, path)))
  }
  expect(faults).toEqual([])
})

test('the sandbox passes with an application channel in trouble, with long words in it', async ({
  page,
  context,
  server,
  db,
}) => {
  test.setTimeout(240_000)
  await exploreAs('owner', { server, db, context })
  const faults: string[] = []
  for (const path of await sandboxScene(db, { keys: keysOf(server), word: LONG })) {
    faults.push(...(await faultsOf(page, path)))
  }
  expect(faults).toEqual([])
})

test('sign-in, the visitor’s chat and a page that is not there pass as well', async ({ page, context, server, db }) => {
  const { channelKey } = await exploreAs('owner', { server, db, context })
  expect(await faultsOf(page, '/nothing-here')).toEqual([])
  await context.clearCookies()
  expect(await faultsOf(page, '/login')).toEqual([])
  expect(await faultsOf(page, `/sandbox/chat/${channelKey}`)).toEqual([])
})

test('the first Tab reaches a link that leads past the navigation', async ({ page, context, server, db }) => {
  await exploreAs('viewer', { server, db, context })
  await page.goto('/channels')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('main').getByRole('link').first()).toBeFocused()
})

test('a dialog keeps the focus while it is open and gives it back', async ({ page, context, server, db }) => {
  const { channelId } = await exploreAs('support', { server, db, context })
  await page.goto(`/channels/${channelId}`)
  const opener = page.getByRole('button', { name: 'Pause', exact: true })
  await opener.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: /^Pause / })
  await expect(dialog).toBeVisible()
  for (let n = 0; n < 8; n += 1) {
    await page.keyboard.press('Tab')
    const inside = await dialog.evaluate((element) => element.contains(document.activeElement))
    expect(inside).toBe(true)
  }
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(opener).toBeFocused()
})

test('the menu of a phone opens, leads on and closes by keyboard', async ({ page, context, server, db }) => {
  await exploreAs('viewer', { server, db, context })
  await page.setViewportSize(PHONE)
  await page.goto('/channels')
  await page.getByRole('button', { name: 'Menu' }).press('Enter')
  const menu = page.getByRole('dialog', { name: 'Menu' })
  await menu.getByRole('link', { name: 'Requests' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'Requests', level: 1 })).toBeVisible()
  await expect(menu).toHaveCount(0)
  await page.getByRole('button', { name: 'Menu' }).press('Enter')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Menu' })).toBeFocused()
})
