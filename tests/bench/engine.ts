import { setTimeout as pause } from 'node:timers/promises'
import { type SQL, sql } from 'drizzle-orm'
import type { Connection } from '#db/client'
import { newId } from '#db/ids'
import { type StoreMessage, storeMessage } from '#db/queries/store-message'
import { createPump } from '#lib/delivery/pump'
import { CONCURRENCY as DELIVERIES_AT_ONCE, LEASE_MS } from '#lib/delivery/worker'
import { storeTogether } from '#lib/flows/store-together'
import type { Bench } from '#tests/bench/installation'
import { median } from '#tests/bench/load'
import { inOwnDatabase } from '#tests/bench/own-database'
import { print } from '#tests/bench/print'
import { CONCURRENCY, REQUESTS, ROUNDS } from '#tests/bench/sizes'
import { settlement } from '#tests/support/engine'
import { createChannel } from '#tests/support/factories'

const TALKS = 1000

/** The engine without HTTP: messages stored in a second, and deliveries carried by a handler that does next to nothing. */
export async function measureEngine(bench: Bench): Promise<void> {
  await inOwnDatabase(bench, 'bench_engine', async (own) => {
    const channelId = (await createChannel(own.db)).id
    for (const [name, store] of [
      ['Enqueue, one by one', storeMessage],
      ['Enqueue, grouped as in service', storeTogether],
    ] as const) {
      const rate = await medianRate(() => enqueue(own, { channelId, store }))
      print(name, `${rate} messages/s (message, conversation, key and delivery, ${CONCURRENCY} at once)`)
    }
    for (const [name, handlerMs] of [
      ['Drain, handler does nothing', 0],
      ['Drain, handler takes 5 ms', 5],
    ] as const) {
      const rate = await medianRate(() => drain(own, { channelId, handlerMs }))
      print(name, `${rate} deliveries/s (${DELIVERIES_AT_ONCE} in flight, ${TALKS} conversations, log written)`)
    }
  })
}

/** `work` resolves to how many it did, in how many milliseconds. */
async function medianRate(work: () => Promise<{ count: number; ms: number }>): Promise<string> {
  await work() // warm up
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const { count, ms } = await work()
    rates.push((count / ms) * 1000)
  }
  return median(rates).toFixed(0)
}

type Store = { channelId: string; store: (db: Connection['db'], message: StoreMessage) => Promise<unknown> }

async function enqueue({ db }: Connection, { channelId, store }: Store): Promise<{ count: number; ms: number }> {
  let next = 0
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (next < REQUESTS) await store(db, message(channelId, next++))
    }),
  )
  return { count: REQUESTS, ms: performance.now() - startedAt }
}

function message(channelId: string, n: number): StoreMessage {
  const id = newId()
  const text = `Message ${n}: where is my order 1234-5678? It was due on Tuesday.`
  const contact = { contactHandle: `visitor-${n % TALKS}`, contactName: `Visitor ${n % TALKS}` }
  return {
    message: {
      ...{ id, channelId, direction: 'inbound', ...contact, body: text, bodyFormat: 'text', bodyText: text },
      ...{ raw: { body: text }, attachments: [], threadReason: 'The provider names the conversation.' },
    },
    key: { kind: 'provider', value: id, bodyHash: 'a'.repeat(64) },
    conversation: { id: newId(), key: `visitor-${n % TALKS}`, reference: null, ...contact, isTest: false },
    frontConversationId: null,
  }
}

/** Everything that waits, carried by the pump in this process. */
async function drain({ db }: Connection, { channelId, handlerMs }: { channelId: string; handlerMs: number }) {
  await refill(db, channelId)
  const count = await numberOf(db, sql`lane_queue`)
  const pump = createPump({
    db,
    carry: (claims) =>
      claims.map(async (claim) => {
        if (handlerMs > 0) await pause(handlerMs)
        return settlement(claim, 'delivered')
      }),
    concurrency: DELIVERIES_AT_ONCE,
    leaseMs: LEASE_MS,
  })
  const startedAt = performance.now()
  pump.wake()
  while ((await numberOf(db, sql`lane_queue`)) > 0) await pause(20)
  const ms = performance.now() - startedAt
  await pump.stop()
  return { count, ms }
}

/** Deliveries of the messages that are there, as many as one round of enqueueing makes, waiting once more. */
async function refill(db: Connection['db'], channelId: string): Promise<void> {
  await db.execute(sql`truncate lane_queue`)
  await db.execute(sql`
    with duty as (
      update deliveries set status = 'pending', ended_at = null
      where id in (select id from deliveries order by id desc limit ${REQUESTS}) returning id, conversation_id),
    placed as (
      select duty.id, l.id as lane_id, l.last_seq + row_number() over (partition by l.id order by duty.id) as seq
      from duty join lanes l on l.conversation_id = duty.conversation_id and l.direction = 'inbound'),
    waiting as (insert into lane_queue (lane_id, seq, delivery_id) select lane_id, seq, id from placed)
    update lanes l set head_seq = p.first, last_seq = p.last, due_at = now(), lease = null, attempt = 0
    from (select lane_id, min(seq) as first, max(seq) as last from placed group by 1) p
    where p.lane_id = l.id and l.channel_id = ${channelId}`)
}

async function numberOf(db: Connection['db'], table: SQL): Promise<number> {
  const [row] = await db.execute<{ n: number }>(sql`select count(*)::int as n from ${table}`)
  return row?.n ?? 0
}
