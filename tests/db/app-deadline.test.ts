import { eq } from 'drizzle-orm'
import { afterAll, describe, expect, type TestContext, test, vi } from 'vitest'
import { connect, type Database } from '#db/client'
import { newId } from '#db/ids'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { type Connected, callApp, connectedApp, messageEvent } from '#tests/support/app-door'
import { doorDeps } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'
import { stallingProxy } from '#tests/support/stalling-proxy'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const messagesOf = (channelId: string) => db.select().from(messages).where(eq(messages.channelId, channelId))
const requestsOf = (appId: string) => db.select().from(requests).where(eq(requests.appId, appId))
const keptCodes = async (appId: string) => (await requestsOf(appId)).map(({ code }) => code)

/** What Front gets, and how long it waited for it. */
async function post(front: Connected, through: Database, event = messageEvent()) {
  const startedAt = performance.now()
  const { status, json } = await callApp(doorDeps(through), front, event)
  return { status, json, waitedMs: performance.now() - startedAt }
}

/** Tests that run side by side must each say when they end. */
async function throughProxy(onTestFinished: TestContext['onTestFinished']) {
  const proxy = await stallingProxy(database.url)
  const connection = connect(proxy.url, { name: 'stalled' })
  onTestFinished(async () => {
    await proxy.close()
    await connection.end()
  })
  return { proxy, db: connection.db }
}

/** A transaction that stores a message's key and neither commits nor gives up until it is told to give up. */
async function storeForEver(channelId: string, frontMessageId: string): Promise<() => Promise<void>> {
  const [stored, giveUp] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()]
  const holding = db.transaction(async (tx) => {
    await tx.insert(messageKeys).values({ channelId, kind: 'front', value: frontMessageId, messageId: newId() })
    stored.resolve()
    await giveUp.promise
  })
  await stored.promise
  return async () => {
    giveUp.reject(new Error('given up'))
    await holding.catch(() => {})
  }
}

const timedOut = { type: 'request_timeout', message: expect.stringContaining('nothing was sent') }
const LATEST_MS = 6500

// Side by side: each waits for more than five seconds.
describe.concurrent('while the database stands still', () => {
  test('a message that waits for a lock is refused in time, kept as that, and never stored', async ({
    expect: see,
  }) => {
    const front = await connectedApp(db, deps)
    const event = messageEvent()
    const giveUp = await storeForEver(front.channel.id, event.payload.id)
    const { status, json, waitedMs } = await post(front, db, event)
    await giveUp()
    see({ status, json }).toEqual({ status: 200, json: timedOut })
    see(waitedMs).toBeLessThan(LATEST_MS)
    see(await messagesOf(front.channel.id)).toEqual([])
    see(await keptCodes(front.app.id)).toEqual(['timed_out'])
    see((await post(front, db, event)).json.type).toBe('success')
  })

  test('a connection that falls silent at once is answered in time, and what comes of it later is not stored', async ({
    expect: see,
    onTestFinished,
  }) => {
    const front = await connectedApp(db, deps)
    const { proxy, db: silent } = await throughProxy(onTestFinished)
    proxy.stall()
    const { status, json, waitedMs } = await post(front, silent)
    see({ status, json }).toEqual({ status: 408, json: timedOut })
    see(waitedMs).toBeLessThan(LATEST_MS)
    proxy.resume()
    await vi.waitFor(async () => see(await keptCodes(front.app.id)).toEqual(['timed_out']), 12_000)
    see(await messagesOf(front.channel.id)).toEqual([])
  })

  test('a connection that falls silent over the commit leaves a word of it when the message is stored after all', async ({
    expect: see,
    onTestFinished,
  }) => {
    const front = await connectedApp(db, deps)
    const { proxy, db: silent } = await throughProxy(onTestFinished)
    proxy.stall('commit')
    const { status, json, waitedMs } = await post(front, silent)
    see({ status, json }).toEqual({ status: 200, json: timedOut })
    see(waitedMs).toBeLessThan(LATEST_MS)
    proxy.resume()
    await vi.waitFor(async () => see(await keptCodes(front.app.id)).toEqual(['answered_late']), 12_000)
    const [message] = await messagesOf(front.channel.id)
    see(await requestsOf(front.app.id)).toMatchObject([{ messageId: message?.id }])
  })
})

test('a database that is not there is a typed error at once, without a word of the inside', async () => {
  const front = await connectedApp(db, deps)
  const nowhere = connect('postgres://nobody@127.0.0.1:1/nothing', { name: 'nowhere' })
  const { status, json } = await post(front, nowhere.db)
  await nowhere.end()
  expect({ status, json }).toEqual({
    status: 500,
    json: {
      type: 'internal_error',
      message: 'Patchbay cannot reach its database right now. Nothing was accepted: send it again.',
    },
  })
})
