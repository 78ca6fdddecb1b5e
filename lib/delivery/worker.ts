import { connect } from '#db/client'
import { carryClaims } from '#lib/delivery/carry'
import { confirmDue } from '#lib/delivery/confirm'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { createPump } from '#lib/delivery/pump'
import { applyRules } from '#lib/delivery/rules'
import { WATCH_MS, watchInTurn } from '#lib/delivery/watch'
import { setWorkerHere } from '#lib/delivery/worker-here'
import { keepFeeding } from '#lib/flows/feed-recoveries'
import { upkeep } from '#lib/flows/upkeep'
import { log } from '#lib/log'

export const CONCURRENCY = 50
export const LEASE_MS = 20_000
const POLL_MS = 1000
const UPKEEP_MS = 3_600_000

export type Worker = { stop: () => Promise<void> }

/**
 * The long-lived worker: woken by whoever adds a delivery, in this process directly and in others by LISTEN, and once a
 * second for what falls due by time. Owns its connections. `stop` finishes what is in flight and closes them.
 */
export async function startWorker(
  url: string,
  deps: Omit<DeliveryDeps, 'db' | 'now' | 'random'>,
  { leaseMs = LEASE_MS, pollMs = POLL_MS }: { leaseMs?: number; pollMs?: number } = {},
): Promise<Worker> {
  const connection = connect(url, { max: 8, name: 'patchbay-worker' })
  const all = { ...deps, db: connection.db, now: () => new Date(), random: Math.random }
  const pump = createPump({
    db: connection.db,
    carry: (claims) => carryClaims(all, claims),
    concurrency: CONCURRENCY,
    leaseMs,
  })
  const listening = await connection.sql.listen('patchbay_delivery', pump.wake, pump.wake)
  setWorkerHere(pump.wake)
  const poll = setInterval(pump.wake, pollMs)
  let stopping = false
  const confirming = every(pollMs, () => confirmDue(all, () => stopping))
  const ruling = every(pollMs, () => applyRules(connection.db, all.now()))
  const watching = every(WATCH_MS, () => watchInTurn(all))
  const recovering = every(pollMs, () => keepFeeding(connection.db, { now: all.now, isOver: () => stopping }))
  const tidying = every(UPKEEP_MS, () => upkeep(connection.db, all.now()))
  return {
    stop: async () => {
      stopping = true
      setWorkerHere(null)
      clearInterval(poll)
      const rounds = [tidying, recovering, watching, ruling, confirming, pump]
      await Promise.all(rounds.map((round) => round.stop()))
      await listening.unlisten().catch(() => {})
      await connection.end()
    },
  }
}

/** Runs `work` again and again with a pause between; an error is logged and the next round comes as usual. */
export function every(
  pauseMs: number,
  work: () => Promise<unknown>,
  { atOnce = true }: { atOnce?: boolean } = {},
): { stop: () => Promise<void> } {
  let stopped = false
  let isDue = atOnce
  let wakeUp = () => {}
  const loop = (async () => {
    while (!stopped) {
      if (isDue) await work().catch((error) => log('error', 'worker.round_failed', { error }))
      isDue = true
      if (stopped) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  return {
    stop: () => {
      stopped = true
      wakeUp()
      return loop
    },
  }
}
