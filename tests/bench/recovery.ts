import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { getRecovery } from '#db/queries/recoveries'
import { countRecoverable } from '#db/queries/select-recovery'
import { createPump } from '#lib/delivery/pump'
import { CONCURRENCY, LEASE_MS } from '#lib/delivery/worker'
import { feedRecoveries } from '#lib/flows/feed-recoveries'
import { recoveryFilter } from '#lib/flows/recovery-filter'
import { PER_MINUTE, startRecovery } from '#lib/flows/start-recovery'
import { messageFilters } from '#lib/log-filters'
import type { Bench } from '#tests/bench/installation'
import { percentiles } from '#tests/bench/load'
import { inOwnDatabase } from '#tests/bench/own-database'
import { print, printRatio } from '#tests/bench/print'
import { RECOVERED } from '#tests/bench/sizes'
import { enqueue, settlement } from '#tests/support/engine'
import { createChannel, createConversation } from '#tests/support/factories'
import { failMany } from '#tests/support/recovering'

const TALKS = 10_000
const FRESH = 400
const FRESH_EVERY_MS = 10
const HANDLER_MS = 20
const FEED_EVERY_MS = 100
const MOST_QUEUED_S = 10
const DRAIN_MS = 5000

/**
 * Recovering very many failed deliveries of one channel: how long counting and queueing takes, and how long a new message
 * to the same channel waits for its attempt while they drain, beside the same with nothing to recover.
 */
export async function measureRecovery(bench: Bench): Promise<void> {
  await inOwnDatabase(bench, 'bench_recovery', async ({ db }) => {
    const channelId = (await createChannel(db)).id
    await timeFresh(db, channelId) // warm up
    const quiet = await timeFresh(db, channelId)
    await failMany(db, channelId, RECOVERED, { talks: TALKS })
    print(`Recovery of ${RECOVERED} failed deliveries`, `${TALKS} conversations, one channel`)
    const recoveryId = await startRecovery(db, {
      ...{ filters: messageFilters.parse({ status: 'failed' }), perMinute: PER_MINUTE.max, way: 'today' },
      ...{ reason: null, actor: 'bench', now: new Date(Date.now() + 1000) },
    })
    const filter = recoveryFilter((await find(db, recoveryId)).filter)
    const counted = await seconds(() => countRecoverable(db, filter))
    const queued = await seconds(async () => {
      while ((await find(db, recoveryId)).status === 'queueing') await feedRecoveries(db, new Date())
    })
    const { total } = await find(db, recoveryId)
    print(
      '  counted, queued',
      `${counted.toFixed(2)} s, ${queued.toFixed(2)} s (target ${MOST_QUEUED_S} s), ${total} items`,
    )
    const busy = await timeFresh(db, channelId)
    const { delivered } = await find(db, recoveryId)
    const words = (times: typeof quiet) => `p50 ${times.p50Ms.toFixed(1)} ms, p99 ${times.p99Ms.toFixed(1)} ms`
    print('  new message to first attempt', `${words(quiet)}; while ${delivered} were recovered ${words(busy)}`)
    printRatio('p50 while recovering : alone', busy.p50Ms / quiet.p50Ms, 'at most 2')
    await whileWorking(
      db,
      () => {},
      () => pause(DRAIN_MS),
    )
    const rate = ((await find(db, recoveryId)).delivered - delivered) / (DRAIN_MS / 1000)
    print('  recovered with nothing else to do', `${rate.toFixed(0)} a second, by a rate of ${PER_MINUTE.max} a minute`)
  })
}

/** New messages at a steady pace, each in a conversation of its own. */
async function timeFresh(db: Database, channelId: string) {
  const storedAt = new Map<string, number>()
  const times: number[] = []
  const attempted = (id: string) => {
    const at = storedAt.get(id)
    if (at !== undefined) times.push(performance.now() - at)
  }
  await whileWorking(db, attempted, async (wake) => {
    for (let n = 0; n < FRESH; n += 1) {
      const { id } = await createConversation(db, channelId, { key: newId() })
      storedAt.set(await enqueue(db, { channelId, conversationId: id, direction: 'outbound' }), performance.now())
      wake()
      await pause(FRESH_EVERY_MS)
    }
    while (times.length < FRESH) await pause(FRESH_EVERY_MS)
  })
  return percentiles(times)
}

/** One worker that carries and feeds, as long as `work` takes. */
async function whileWorking(
  db: Database,
  attempted: (deliveryId: string) => void,
  work: (wake: () => void) => Promise<void>,
): Promise<void> {
  const pump = createPump({
    db,
    carry: (claims) =>
      claims.map(async (claim) => {
        attempted(claim.deliveryId)
        await pause(HANDLER_MS)
        return settlement(claim, 'delivered')
      }),
    concurrency: CONCURRENCY,
    leaseMs: LEASE_MS,
  })
  let over = false
  const feeding = (async () => {
    for (; !over; await pause(FEED_EVERY_MS)) {
      await feedRecoveries(db, new Date())
      pump.wake()
    }
  })()
  await work(pump.wake)
  over = true
  await feeding
  await pump.stop()
}

async function find(db: Database, id: string) {
  const recovery = await getRecovery(db, id)
  if (!recovery) throw new Error('The recovery is gone.')
  return recovery
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}
