import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { claimDeliveries } from '#db/queries/lanes'
import { settleDeliveries } from '#db/queries/settle'
import type { Bench } from '#tests/bench/installation'
import { percentiles } from '#tests/bench/load'
import { inOwnDatabase } from '#tests/bench/own-database'
import { print, printRatio } from '#tests/bench/print'
import { ROUNDS, WAITING } from '#tests/bench/sizes'
import { settlement } from '#tests/support/engine'
import { createChannel } from '#tests/support/factories'

const CHANNELS = 10
const BATCH = 50
const CLAIMS = 70
/** The first ones plan their statements and fill caches. */
const WARM_UP = 20

type Queue = { waiting: number; db: Database; times: number[] }

/**
 * How long a claim of 50 takes while so many conversations wait, every tenth of them blocked by a message that failed.
 * Each claim is settled and its conversations wait anew before the next one, so that the queue is in use while it is
 * measured: first with the statistics of an empty queue, then with right ones. Round by round over all sizes, so that
 * what disturbs the machine disturbs them alike.
 */
export async function measureClaims(bench: Bench): Promise<void> {
  await withQueues(bench, WAITING, async (queues) => {
    const stale = await timeInTurn(queues)
    for (const { db } of queues) {
      for (const table of [sql`lanes`, sql`lane_queue`]) {
        await db.execute(sql`alter table ${table} reset (autovacuum_enabled)`)
      }
      await db.execute(sql`vacuum analyze`)
    }
    const right = await timeInTurn(queues)
    print(`Claims of ${BATCH} while conversations wait`, '10 % of them blocked: p50 / p99 ms of one claim')
    for (const [index, { waiting }] of queues.entries()) {
      print(
        `  ${waiting} waiting`,
        `${inWords(stale[index])} with stale statistics, ${inWords(right[index])} with right ones`,
      )
    }
    const ratio = (right.at(-1)?.p50Ms ?? Number.NaN) / (right[0]?.p50Ms ?? Number.NaN)
    printRatio(`${WAITING.at(-1)} : ${WAITING[0]} waiting`, ratio, 'at most 1.5')
  })
}

/** A database for each size, with statistics of when it was empty. */
async function withQueues(
  bench: Bench,
  [waiting, ...others]: number[],
  work: (queues: Queue[]) => Promise<void>,
  ready: Queue[] = [],
): Promise<void> {
  if (waiting === undefined) return work(ready)
  await inOwnDatabase(bench, `bench_claims_${waiting}`, async ({ db }) => {
    for (const table of [sql`lanes`, sql`lane_queue`]) {
      await db.execute(sql`alter table ${table} set (autovacuum_enabled = off)`)
    }
    await addWaiting(db, waiting)
    await withQueues(bench, others, work, [...ready, { waiting, db, times: [] }])
  })
}

async function timeInTurn(queues: Queue[]): Promise<Times[]> {
  for (const { db } of queues) await timeClaims(db, WARM_UP)
  for (const queue of queues) queue.times = []
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { db, times } of queues) times.push(...(await timeClaims(db, CLAIMS)))
  }
  return queues.map(({ times }) => percentiles(times))
}

type Times = ReturnType<typeof percentiles>

function inWords({ p50Ms, p99Ms }: Times = { p50Ms: Number.NaN, p99Ms: Number.NaN }): string {
  return `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)}`
}

/** Conversations with one message each, in ten channels. Foreign keys are taken as kept, which is twice as quick. */
async function addWaiting(db: Database, count: number): Promise<void> {
  const channels: SQL[] = []
  for (let n = 0; n < CHANNELS; n += 1) channels.push(sql`${(await createChannel(db)).id}::uuid`)
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await tx.execute(sql`
      create temporary table place on commit drop as
      select n, gen_random_uuid() as conversation, uuid_v7() as delivery,
        (array[${sql.join(channels, sql`, `)}])[1 + n % ${CHANNELS}] as channel
      from generate_series(1, ${count}::int) n`)
    await tx.execute(sql`
      insert into conversations (id, channel_id, key, contact_handle)
      select conversation, channel, 'key ' || n, 'handle ' || n from place`)
    await tx.execute(sql`
      insert into deliveries (id, channel_id, conversation_id, direction)
      select delivery, channel, conversation, 'inbound' from place`)
    await tx.execute(sql`
      insert into lanes (conversation_id, channel_id, direction, last_seq, due_at)
      select conversation, channel, 'inbound', 1,
        case when n % 10 <> 0 then now() - (${count}::int - n) * interval '1 ms' end
      from place order by n`)
    await tx.execute(sql`
      insert into lane_queue (lane_id, seq, delivery_id)
      select l.id, 1, p.delivery from place p join lanes l on l.conversation_id = p.conversation`)
  })
}

async function timeClaims(db: Database, count: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < count; n += 1) {
    const startedAt = performance.now()
    const claims = await claimDeliveries(db, { token: newId(), batch: BATCH, leaseMs: 20_000 })
    times.push(performance.now() - startedAt)
    if (claims.length < BATCH) throw new Error(`A claim took ${claims.length} of ${BATCH}.`)
    const settled = claims.map((claim) => settlement(claim, 'delivered'))
    await settleDeliveries(db, settled)
    await waitAnew(
      db,
      claims.map(({ laneId }) => laneId),
    )
  }
  return times
}

/** Another message in each of these conversations, behind everything that waits. */
async function waitAnew(db: Database, laneIds: number[]): Promise<void> {
  await db.execute(sql`
    with duty as (
      insert into deliveries (id, channel_id, conversation_id, direction)
      select uuid_v7(), channel_id, conversation_id, direction from lanes
      where id in (${sql.join(
        laneIds.map((id) => sql`${id}::bigint`),
        sql`, `,
      )})
      order by id returning id, channel_id, conversation_id, direction)
    select enqueue_delivery(id, channel_id, conversation_id, direction) from duty`)
}
