import { startRecovery } from '#lib/flows/start-recovery'
import { messageFilters } from '#lib/log-filters'
import { startOver, test } from '#tests/e2e/fixtures'
import { exploreAs } from '#tests/support/explored'
import { createAttempt, createChannel, createConversation, createMessage } from '#tests/support/factories'

test.beforeAll(startOver)
test('shots', async ({ page, context, server, db, sql }) => {
  test.setTimeout(240_000)
  const { channelId } = await exploreAs('support', { server, db, context })
  const failed = {
    status: 'failed',
    attempts: 3,
    lastErrorClass: 'server_error',
    lastError: 'The provider answered with status 503.',
  } as const
  const chat = async (id: string, n: number, direction: 'inbound' | 'outbound' = 'outbound') => {
    const c = await createConversation(db, id, { contactName: `Customer ${n}`, contactHandle: `+4930${n}` })
    return createMessage(db, c, { direction, body: `Your order ${n} has been sent.`, delivery: failed })
  }
  for (let n = 0; n < 40; n += 1) await chat(channelId, n)
  const held = await createChannel(db, {
    name: 'SMS gateway Berlin',
    target: { heldSince: new Date(), heldReason: 'Paused by mina@example.com: the gateway moves' },
  })
  for (let n = 0; n < 12; n += 1) await chat(held.id, n, n % 2 ? 'inbound' : 'outbound')
  await sql`update deliveries set answer_lost = true where id in (select id from deliveries where channel_id = ${held.id} limit 3)`
  const broken = await createChannel(db, { name: 'Shop chat', providerUrl: null, retryDelaysS: [] })
  for (let n = 0; n < 5; n += 1) await chat(broken.id, n)
  const start = (filters: Record<string, string>, perMinute: number) =>
    startRecovery(db, {
      filters: messageFilters.parse({ status: 'failed', ...filters }),
      perMinute,
      way: 'today',
      reason: 'The gateway was down on Friday.',
      actor: 'sam@example.com',
      now: new Date(Date.now() + 1000),
    })
  const shot = async (name: string, path: string, act?: () => Promise<void>) => {
    for (const [look, size, scheme] of [
      ['light', { width: 1280, height: 900 }, 'light'],
      ['dark', { width: 1280, height: 900 }, 'dark'],
      ['phone', { width: 390, height: 844 }, 'light'],
    ] as const) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme: scheme })
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle').catch(() => {})
      if (act) await act()
      await page.screenshot({ path: `/tmp/shots-recovery/${name}-${look}.png`, fullPage: !act })
    }
  }
  await shot('messages', '/messages?status=failed')
  await shot('new', '/recoveries/new?status=failed')
  const done = await start({ channel: broken.id }, 6000)
  const running = await start({}, 20)
  await page.waitForTimeout(12_000)
  await shot('running', `/recoveries/${running}`)
  await shot('done', `/recoveries/${done}`)
  await shot('list', '/recoveries')
  const moved = await createChannel(db, {
    name: 'Moved',
    target: { heldSince: new Date(), heldReason: 'Test' },
    providerUrl: 'https://gateway.example/v2/messages',
  })
  const m = await chat(moved.id, 99)
  await createAttempt(db, m.id, {
    url: 'https://old-gateway.example/v1/hook?tenant=4711',
    format: 'front_message',
    outcome: 'failed',
    errorClass: 'server_error',
    responseStatus: 503,
    error: 'The provider answered with status 503.',
    asWas: true,
  })
  await shot('message', `/messages/${m.id}`)
  await shot('choice', `/messages/${m.id}`, async () => {
    await page.getByRole('button', { name: 'Retry' }).click()
    await page.getByRole('dialog').waitFor()
  })
})
