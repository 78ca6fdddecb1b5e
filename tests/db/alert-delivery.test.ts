import { eq, sql } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findAlert, type ListedAlert, listAlerts } from '#db/queries/alerts'
import { alertDestinations } from '#db/schema/alerts'
import { attempts } from '#db/schema/attempts'
import { auditEvents } from '#db/schema/audit-events'
import { companies } from '#db/schema/companies'
import { hourlyStats } from '#db/schema/hourly-stats'
import { targets } from '#db/schema/targets'
import { alertEvent } from '#lib/alerts/event'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { drain } from '#lib/delivery/drain'
import { changeAlertDestination, removeAlertDestination, rotateAlertSecret } from '#lib/flows/alert-destinations'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { sendTestAlert } from '#lib/flows/test-alert'
import { watchChannels } from '#lib/flows/watch-channels'
import { guardedAgent } from '#lib/http/guarded-agent'
import { sendHttp } from '#lib/http/send'
import { createMailer, type Mailer } from '#lib/mail/mailer'
import type { SealingKeys } from '#lib/secrets'
import { createAlertDestination } from '#tests/support/alerts'
import { passTime } from '#tests/support/engine'
import { type Channel, createChannel, setTarget } from '#tests/support/factories'
import { startMailServer } from '#tests/support/mail-server'
import { otherSide, refused } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'
import { startProvider } from '#tests/support/provider-server'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const keys: SealingKeys = [Buffer.alloc(32, 7)]
const actor = 'mina@example.com'
const publicUrl = 'https://patchbay.example'
const guard = guardedAgent({ allowPrivate: true, allowedOrigins: [] })
afterAll(() => guard.agent.close())
const real: DeliveryDeps['transport'] = (request, limits) => sendHttp(request, { ...limits, guard })

const running: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of running.splice(0)) await stop()
})
async function withServer<Server extends { stop: () => Promise<void> }>(starting: Promise<Server>): Promise<Server> {
  const server = await starting
  running.push(server.stop)
  return server
}

let channel: Channel
beforeEach(async () => {
  await db.execute(sql`update lanes set due_at = null`)
  await db.delete(alertDestinations)
  await db.execute(sql`update channels set archived_at = now()`)
  channel = await createChannel(db, { name: 'Website <chat>' })
  await setTarget(db, channel.id, 'outbound', {
    failuresInARow: 9,
    lastError: 'The provider answered with status 500.',
  })
})

async function drainOnce(transport: DeliveryDeps['transport'], mail: Mailer | null = null): Promise<void> {
  const deps = { db, keys, publicUrl, transport, mail, now: () => new Date(), random: () => 0.5 }
  // A drain looks by itself only once in a while.
  await watchChannels(db, { publicUrl, now: new Date() })
  await drain(deps, { deadline: new Date(Date.now() + 60_000) })
}

async function newest(destinationId: string): Promise<ListedAlert> {
  const [alert] = await listAlerts(db, { destinationIds: [destinationId] })
  if (!alert) throw new Error('Nothing was told.')
  return alert
}
const triesOf = (id: string) => db.select().from(attempts).where(eq(attempts.deliveryId, id)).orderBy(attempts.id)

describe('a letter', () => {
  const email = { kind: 'email' as const, to: ['ops@example.com', 'night@example.com'] }

  test('reaches every recipient through a real mail server, as text and as HTML', async () => {
    const server = await withServer(startMailServer({ credentials: { user: 'patchbay', pass: 's3cret' } }))
    const { id } = await createAlertDestination(db, { keys, settings: email, quietZone: 'Europe/Berlin' })
    await drainOnce(real, createMailer({ url: server.url, from: 'Patchbay <alerts@example.com>' }))
    const [letter] = server.letters
    expect(letter).toMatchObject({ from: 'alerts@example.com', to: email.to })
    const alert = await newest(id)
    expect(letter?.raw).toContain(`Message-ID: <${alert.id}@patchbay>`)
    expect(letter?.raw).toMatch(/Subject: \[Patchbay\] Website <chat>: messages to the provider fail/)
    expect(letter?.raw).toMatch(
      /text\/plain[\s\S]*Failed in a row: 9 attempts[\s\S]*text\/html[\s\S]*Website &lt;chat&gt;/,
    )
    expect(alert).toMatchObject({ status: 'delivered', attempts: 1 })
    const [attempt] = await triesOf(alert.id)
    expect(attempt).toMatchObject({ method: 'MAIL', outcome: 'delivered', responseStatus: 250 })
    expect(JSON.stringify(attempt)).not.toContain('s3cret')
  })

  test('that the server refuses for good is not sent again, and one that it refuses for now is', async () => {
    const forGood = { address: 'night@example.com', code: 550, message: 'No such mailbox' }
    const strict = await withServer(startMailServer({ refuse: forGood }))
    const { id } = await createAlertDestination(db, { keys, settings: { kind: 'email', to: ['night@example.com'] } })
    await drainOnce(real, createMailer({ url: strict.url, from: 'alerts@example.com' }))
    expect(await newest(id)).toMatchObject({
      status: 'failed',
      lastErrorClass: 'refused_content',
      lastError: expect.stringContaining('No such mailbox'),
    })
    const busy = await withServer(startMailServer({ refuse: { ...forGood, code: 451, message: 'Come back later' } }))
    await retryDelivery(db, { deliveryId: (await newest(id)).id, requestedBy: actor, now: new Date() })
    await drainOnce(real, createMailer({ url: busy.url, from: 'alerts@example.com' }))
    expect(await newest(id)).toMatchObject({ status: 'retrying', lastErrorClass: 'server_error', attempts: 2 })
  })

  test('with a wrong password, or to a server that is gone, says so in plain words', async () => {
    const server = await withServer(startMailServer({ credentials: { user: 'patchbay', pass: 's3cret' } }))
    const { id } = await createAlertDestination(db, { keys, settings: email })
    const wrong = server.url.replace('s3cret', 'guess')
    await drainOnce(real, createMailer({ url: wrong, from: 'alerts@example.com' }))
    expect(await newest(id)).toMatchObject({ status: 'retrying', lastErrorClass: 'credentials' })
    await passTime(db, 60_000)
    await drainOnce(real, createMailer({ url: 'smtp://127.0.0.1:1', from: 'alerts@example.com' }))
    expect(await newest(id)).toMatchObject({ status: 'retrying', lastErrorClass: 'refused', attempts: 2 })
  })

  test('waits where no mail server is set, and says what is missing', async () => {
    const { id } = await createAlertDestination(db, { keys, settings: email })
    await drainOnce(real)
    const alert = await newest(id)
    expect(alert).toMatchObject({ status: 'retrying', lastErrorClass: 'no_mail_server' })
    expect(alert.lastError).toMatch(/SMTP_URL and ALERTS_FROM/)
  })
})

describe('a Slack-compatible address', () => {
  test('gets text and blocks in which names mention nobody, and is a secret', async () => {
    const server = await withServer(startProvider())
    const url = server.url.replace('/replies', '/services/T1/B2/hushhush')
    const { id } = await createAlertDestination(db, { keys, settings: { kind: 'slack', url } })
    await drainOnce(real)
    const body = JSON.parse(server.posted[0]?.body ?? '')
    expect(body.text).toMatch(/Website &lt;chat&gt;: messages to the provider fail/)
    expect(body.text).toContain(`<${publicUrl}/channels/${channel.id}|Open the channel in Patchbay>`)
    expect(body.blocks).toHaveLength(3)
    const alert = await newest(id)
    expect(alert.status).toBe('delivered')
    expect(JSON.stringify(await triesOf(alert.id))).not.toContain('hushhush')
  })
})

describe('a webhook', () => {
  const secretOf = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`
  const webhook = (url: string) => ({
    kind: 'webhook' as const,
    url,
    secrets: [{ secret: secretOf(1), expiresAt: null }],
  })

  test('gets the event, signed so that the Standard Webhooks library takes it', async () => {
    const server = await withServer(startProvider())
    const { id } = await createAlertDestination(db, { keys, settings: webhook(server.url) })
    await drainOnce(real)
    const [posted] = server.posted
    const event = new Webhook(secretOf(1)).verify(posted?.body ?? '', posted?.headers ?? {})
    expect(alertEvent.parse(event)).toMatchObject({ type: 'channel.failing', data: { failures_in_a_row: 9 } })
    expect(posted?.headers['webhook-id']).toBe((await newest(id)).id)
    expect(() => new Webhook(secretOf(2)).verify(posted?.body ?? '', posted?.headers ?? {})).toThrow()
  })

  test('is signed with the old secret as well during a rotation, and not after it', async () => {
    const server = await withServer(startProvider())
    const { id } = await createAlertDestination(db, { keys, settings: webhook(server.url) })
    const { secret } = await rotateAlertSecret(db, { id, overlap: 'day', actor, keys, now: new Date() })
    await drainOnce(real)
    const verify = (n: number, by: string) =>
      new Webhook(by).verify(server.posted[n]?.body ?? '', server.posted[n]?.headers ?? {})
    expect(verify(0, secret)).toEqual(verify(0, secretOf(1)))
    await rotateAlertSecret(db, { id, overlap: 'now', actor, keys, now: new Date() })
    await sendTestAlert(db, { destinationId: id, actor, publicUrl, now: new Date() })
    await drainOnce(real)
    expect(() => verify(1, secret)).toThrow()
    expect(() => verify(1, secretOf(1))).toThrow()
  })

  test('on a private address is not called where that is not allowed', async () => {
    const strict = guardedAgent({ allowPrivate: false, allowedOrigins: [] })
    const { id } = await createAlertDestination(db, { keys, settings: webhook('https://10.0.0.1/hook') })
    await drainOnce((request, limits) => sendHttp(request, { ...limits, guard: strict }))
    await strict.agent.close()
    expect(await newest(id)).toMatchObject({ status: 'failed', lastErrorClass: 'blocked_address' })
  })
})

describe('an alert', () => {
  test('that fails holds back no other destination, counts for nothing and alerts nobody', async () => {
    const broken = await createAlertDestination(db, {
      keys,
      settings: { kind: 'slack', url: 'https://broken.example/x' },
    })
    const works = await createAlertDestination(db, { keys })
    const world = otherSide(({ url }) => (url.startsWith('https://broken') ? refused : {}))
    await drainOnce(world.send)
    for (let n = 0; n < 15; n += 1) {
      await passTime(db, 36_000_000)
      await drainOnce(world.send)
    }
    await sendTestAlert(db, { destinationId: works.id, actor, publicUrl, now: new Date() })
    await drainOnce(world.send)
    expect(await newest(broken.id)).toMatchObject({ status: 'failed', attempts: 9 })
    expect(await newest(works.id)).toMatchObject({ status: 'delivered' })
    const [target] = await db.select().from(targets).where(sql`channel_id = ${channel.id} and direction = 'alert'`)
    expect(target).toMatchObject({ failuresInARow: 0, targetFaults: 0, breakerSince: null })
    expect(await db.select().from(hourlyStats).where(eq(hourlyStats.channelId, channel.id))).toEqual([])
    expect(await listAlerts(db, { destinationIds: [broken.id, works.id] })).toHaveLength(3)
  })

  test('goes out while Front wants no calls, and takes none of its quota', async () => {
    const company = { holdUntil: new Date(Date.now() + 3_600_000), callsEvery: '1 hour', callsBurst: 2 }
    await db.update(companies).set(company).where(eq(companies.id, channel.companyId))
    const { id } = await createAlertDestination(db, { keys })
    await drainOnce(otherSide(() => ({})).send)
    expect(await newest(id)).toMatchObject({ status: 'delivered' })
    const untouched = sql`id = ${channel.companyId} and calls_tat = '-infinity'`
    expect(await db.select({ id: companies.id }).from(companies).where(untouched)).toHaveLength(1)
  })

  test('that waits is sent at once when its destination gets another address', async () => {
    const destination = await createAlertDestination(db, { keys })
    await drainOnce(otherSide(() => ({ status: 404, body: 'no_service' })).send)
    expect(await newest(destination.id)).toMatchObject({ status: 'retrying', lastErrorClass: 'not_found' })
    const place = { kind: 'slack' as const, url: 'https://hooks.example/new' }
    await changeAlertDestination(db, { id: destination.id, wishes: destination, place, actor, keys, now: new Date() })
    const world = otherSide(() => ({}))
    await drainOnce(world.send)
    expect(world.seen.map(({ url }) => url)).toEqual(['https://hooks.example/new'])
    expect(await newest(destination.id)).toMatchObject({ status: 'delivered', attempts: 2 })
  })

  test('whose destination was removed is given up, and is no failure', async () => {
    const { id } = await createAlertDestination(db, { keys })
    await watchChannels(db, { publicUrl, now: new Date() })
    await removeAlertDestination(db, { id, actor, now: new Date() })
    expect(await newest(id)).toMatchObject({ status: 'discarded' })
    const world = otherSide(() => ({}))
    await drainOnce(world.send)
    expect(world.seen).toEqual([])
    expect(await newest(id)).toMatchObject({ status: 'discarded', attempts: 0 })
    expect(await db.execute(sql`select 1 from lane_queue where delivery_id = ${(await newest(id)).id}`)).toHaveLength(0)
  })

  test('is given up as well when its destination is switched off while it waits', async () => {
    const { id } = await createAlertDestination(db, { keys })
    await drainOnce(otherSide(() => ({ status: 500 })).send)
    expect(await newest(id)).toMatchObject({ status: 'retrying' })
    await db.update(alertDestinations).set({ enabled: false }).where(eq(alertDestinations.id, id))
    await passTime(db, 60_000)
    const world = otherSide(() => ({}))
    await drainOnce(world.send)
    expect(world.seen).toEqual([])
    expect(await newest(id)).toMatchObject({ status: 'discarded', attempts: 1 })
  })
})

describe('a test alert', () => {
  test('is sent once, also to a destination that is switched off, and never waits for others', async () => {
    const { id } = await createAlertDestination(db, { keys, enabled: false })
    const place = { destinationId: id, actor, publicUrl, now: new Date() }
    await sendTestAlert(db, place)
    await drainOnce(otherSide(() => ({ status: 500 })).send)
    expect(await newest(id)).toMatchObject({ status: 'failed', attempts: 1, createdBy: actor })
    const first = await newest(id)
    await sendTestAlert(db, place)
    const world = otherSide(() => ({}))
    await drainOnce(world.send)
    expect(await newest(id)).toMatchObject({ status: 'delivered', attempts: 1 })
    // A failed test asks for no attention once there is a newer one.
    expect(await findAlert(db, first.id)).toMatchObject({ status: 'discarded' })
    expect(String(world.seen[0]?.body)).toMatch(/this is a test, nothing is wrong/)
    const events = await db.select().from(auditEvents).where(eq(auditEvents.subjectId, id))
    expect(events.map(({ action }) => action)).toEqual(['alert_destination.test', 'alert_destination.test'])
  })

  test('needs a channel to be about', async () => {
    const { id } = await createAlertDestination(db, { keys })
    await db.execute(sql`update channels set archived_at = now()`)
    const test = sendTestAlert(db, { destinationId: id, actor, publicUrl, now: new Date() })
    await expect(test).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(/Connect one first/) })
  })
})
