import { eq, sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { lockQueuePlace, skipLaneHead } from '#db/queries/lanes'
import type { Settlement } from '#db/queries/settle'
import { attempts } from '#db/schema/attempts'
import { deliveries } from '#db/schema/deliveries'
import { createPump, type Pump, type PumpOptions } from '#lib/delivery/pump'
import { claim, enqueue, enqueueIn, settlement } from '#tests/support/engine'
import { createChannel, createConversation } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const pumps: Pump[] = []
let channelId: string
let conversationId: string

beforeEach(async () => {
  await db.execute(sql`update lanes set due_at = null`)
  channelId = (await createChannel(db)).id
  conversationId = (await createConversation(db, channelId)).id
})
afterEach(() => Promise.all(pumps.splice(0).map((pump) => pump.stop())))
afterAll(database.close)

function pump(options: Partial<PumpOptions> & Pick<PumpOptions, 'carry'>): Pump {
  const made = createPump({ db, concurrency: 20, leaseMs: 300, pauseMs: 1, ...options })
  pumps.push(made)
  return made
}

const statusOf = async (id: string) => (await db.select().from(deliveries).where(eq(deliveries.id, id)))[0]

test('what was claimed in a call whose answer was lost comes back, however busy its worker stays', async () => {
  const orphan = await enqueue(db, { channelId, conversationId })
  const busy = (await createConversation(db, channelId)).id
  let release = () => {}
  const hanging = new Promise<void>((resolve) => {
    release = resolve
  })
  const worker = pump({
    db: losingTheFirstAnswer(db),
    carry: (claims) =>
      claims.map(async (one) => {
        if (one.conversationId === busy) await hanging
        else release()
        return settlement(one, 'delivered')
      }),
  })
  worker.wake()
  await enqueue(db, { channelId, conversationId: busy })
  const waking = setInterval(worker.wake, 20)
  await hanging
  clearInterval(waking)
  await worker.stop()
  expect(await statusOf(orphan)).toMatchObject({ status: 'delivered', attempts: 2 })
})

/** A connection that breaks once, after the database has done the work and before it could say so. */
function losingTheFirstAnswer(real: Database): Database {
  let lost = false
  const { $client: client } = real
  const breaking = new Proxy(client, {
    get(target, name, receiver) {
      if (name !== 'unsafe' || lost) return Reflect.get(target, name, receiver)
      return async (...statement: Parameters<typeof client.unsafe>) => {
        lost = true
        await target.unsafe(...statement)
        throw Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' })
      }
    },
  })
  return new Proxy(real, {
    get: (target, name, receiver) => (name === '$client' ? breaking : Reflect.get(target, name, receiver)),
  })
}

test('a settlement that Postgres refuses is written down without what it refused, and the message is not sent again', async () => {
  const id = await enqueue(db, { channelId, conversationId })
  const behind = await enqueue(db, { channelId, conversationId })
  let sent = 0
  const worker = pump({
    carry: (claims) =>
      claims.map(async (one): Promise<Settlement> => {
        if (one.deliveryId !== id) return settlement(one, 'delivered')
        sent += 1
        return settlement(one, 'delivered', { message_uid: `uid_${'\u0000'}` })
      }),
  })
  worker.wake()
  await worker.idle()
  expect(sent).toBe(1)
  expect(await statusOf(id)).toMatchObject({ status: 'delivered', attempts: 1 })
  expect(await statusOf(behind)).toMatchObject({ status: 'delivered' })
  const [kept] = await db.select().from(attempts).where(eq(attempts.deliveryId, id))
  expect(kept).toMatchObject({ n: 1, outcome: 'delivered', responseStatus: 200, responseBody: null })
})

test('an id too long for an index holds up nobody', async () => {
  const id = await enqueue(db, { channelId, conversationId })
  const other = (await createConversation(db, channelId)).id
  const neighbour = await enqueue(db, { channelId, conversationId: other })
  const long = Array.from({ length: 500 }, () => newId()).join('')
  const worker = pump({
    carry: (claims) =>
      claims.map(async (one) => settlement(one, 'delivered', one.deliveryId === id ? { message_uid: long } : {})),
  })
  worker.wake()
  await worker.idle()
  expect(await statusOf(id)).toMatchObject({ status: 'delivered' })
  expect(await statusOf(neighbour)).toMatchObject({ status: 'delivered' })
})

test('a head that came while a claim was under way is claimed with its delivery', async () => {
  const first = await enqueue(db, { channelId, conversationId })
  const place = await lockQueuePlace(db, first)
  const slow = await slowClaims()
  // Its transaction begins before the claim does, and commits while the claim has its snapshot already.
  let second = ''
  await db.transaction(async (tx) => {
    await tx.execute(sql`select now()`)
    const claiming = slow.claim()
    await slow.reached()
    await skipLaneHead(db, place?.laneId ?? 0)
    second = newId()
    await enqueueIn(tx, { id: second, channelId, conversationId, direction: 'inbound' })
    void claiming.catch(() => {})
  })
  const claims = await slow.goOn()
  expect(claims.map((one) => one.deliveryId)).toEqual([second])
  await slow.end()
})

/** Claims that stop between taking their snapshot and reading the lanes, until told to go on. */
async function slowClaims() {
  await db.execute(sql`
    create or replace function wait_for_test() returns trigger language plpgsql as $$
    begin
      if current_setting('test.slow', true) = 'yes' then
        perform pg_advisory_lock_shared(77);
        perform pg_advisory_unlock_shared(77);
      end if;
      return null;
    end $$`)
  await db.execute(
    sql`create trigger wait_for_test before update on lanes for each statement execute function wait_for_test()`,
  )
  const gate = await database.sql.reserve()
  await gate`select pg_advisory_lock(77)`
  let claiming: ReturnType<typeof claim> = Promise.resolve([])
  return {
    claim: () => {
      claiming = db.transaction(async (tx) => {
        await tx.execute(sql`set local test.slow = 'yes'`)
        // A transaction takes what the claim takes.
        return claim(tx as unknown as Database)
      })
      return claiming
    },
    reached: async () => {
      for (;;) {
        const [row] = await gate<{ waiting: boolean }[]>`
          select exists (select 1 from pg_locks where locktype = 'advisory' and objid = 77 and not granted) as waiting`
        if (row?.waiting) return
      }
    },
    goOn: async () => {
      await gate`select pg_advisory_unlock(77)`
      return claiming
    },
    end: async () => {
      gate.release()
      await db.execute(sql`drop trigger wait_for_test on lanes`)
    },
  }
}
