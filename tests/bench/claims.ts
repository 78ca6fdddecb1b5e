import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { claimDeliveries } from '#db/queries/lanes'
import { settleDeliveries } from '#db/queries/settle'
import type { Bench } from '#tests/bench/installation'
import { percentiles } from '#tests/bench/load'
import { inOwnDatabase } from '#tests/bench/own-database'
import { print, printRatio } from '#tests/bench/print'
import { WAITING } from '#tests/bench/sizes'
import { settlement } from '#tests/support/engine'
import { createChannel } from '#tests/support/factories'

const CHANNELS = 10
const BATCH = 50
const CLAIMS = 200
/** The first ones plan their statements and fill caches. */
const WARM_UP = 20

type Times = ReturnType<typeof percentiles>

/**
 * How long a claim of 50 takes while so many conversations wait, every tenth of them blocked by a message that failed.
 * Each claim is settled and its conversations wait anew before the next one, so that the queue is in use while it is
 * measured: first with the statistics of an empty queue, then with right ones.
 */
export async function measureClaims(bench: Bench): Promise<void> {
  print(`Claims of ${BATCH} while conversations wait`, '10 % of them blocked: p50 / p99 ms of one claim')
  const known: number[] = []
  for (const waiting of WAITING) {
    await inOwnDatabase(bench, `bench_claims_${waiting}`, async ({ db }) => {
      await addWaiting(db, waiting)
      const stale = await timeClaims(db)
      await db.execute(sql`vacuum analyze`)
      const right = await timeClaims(db)
      print(`  ${waiting} waiting`, `${inWords(stale)} with stale statistics, ${inWords(right)} with right ones`)
      known.push(right.p50Ms)
    })
  }
  const [first = Number.NaN] = known
  printRatio(`${WAITING.at(-1)} : ${WAITING[0]} waiting`, (known.at(-1) ?? Number.NaN) / first, 'at most 1.5')
}

function inWords({ p50Ms, p99Ms }: Times): string {
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

async function timeClaims(db: Database): Promise<Times> {
  const times: number[] = []
  for (let n = 0; n < WARM_UP + CLAIMS; n += 1) {
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
  return percentiles(times.slice(WARM_UP))
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
