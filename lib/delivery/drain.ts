import { msUntilClaimable } from '#db/queries/next-claim'
import { carryClaims } from '#lib/delivery/carry'
import { confirmDue } from '#lib/delivery/confirm'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { createPump, type Pump } from '#lib/delivery/pump'
import { applyRules } from '#lib/delivery/rules'
import { watchInTurn } from '#lib/delivery/watch'
import { CONCURRENCY, LEASE_MS } from '#lib/delivery/worker'
import { feedRecoveries } from '#lib/flows/feed-recoveries'

/** A rate limit lets the next delivery through within this; for a retry that is due later another pass comes. */
const PATIENCE_MS = 2000
const SHORTEST_WAIT_MS = 50
/** Of a recovery that waits for its rate, or for room in the lanes. */
const FEED_EVERY_MS = 1000
/** A recovery in which nothing has moved for so long waits for something that a pass cannot bring about. */
const FEED_PATIENCE_MS = 10_000

type Drain = { deadline: Date; recover?: boolean }

/**
 * One pass of the delivery work, for hosts where no process lives on: carries what is due until nothing is, also what a
 * rate limit lets through bit by bit, or until `deadline`, when it claims no more and settles what is in flight. Several
 * may run at once. With `recover` it also feeds recoveries, and stays for them.
 */
export async function drain(deps: DeliveryDeps, { deadline, recover = false }: Drain): Promise<void> {
  const pump = createPump({
    db: deps.db,
    carry: (claims) => carryClaims(deps, claims),
    concurrency: CONCURRENCY,
    leaseMs: LEASE_MS,
  })
  const timer = setTimeout(() => void pump.stop(), Math.max(0, deadline.getTime() - deps.now().getTime()))
  const isOver = () => deps.now() >= deadline
  const feedWaitMs = recover ? feeder(deps) : async () => null
  const carryAll = () => carryWhatIsDue(deps, { pump, feedWaitMs, isOver })
  await carryAll()
  await applyRules(deps.db, deps.now())
  if ((await watchInTurn(deps)) > 0) await carryAll()
  clearTimeout(timer)
  await confirmDue(deps, isOver)
}

type Pass = { pump: Pump; feedWaitMs: () => Promise<number | null>; isOver: () => boolean }

async function carryWhatIsDue({ db }: DeliveryDeps, { pump, feedWaitMs, isOver }: Pass): Promise<void> {
  let waitMs: number | null = 0
  while (waitMs !== null && waitMs <= PATIENCE_MS && !isOver()) {
    await new Promise((resolve) => setTimeout(resolve, waitMs ?? 0))
    const feedMs = await feedWaitMs()
    pump.wake()
    await pump.idle()
    const ms = await msUntilClaimable(db)
    const waits = [ms, feedMs].filter((one) => one !== null)
    waitMs = waits.length === 0 ? null : Math.max(Math.min(...waits), SHORTEST_WAIT_MS)
  }
}

/** Feeds recoveries once and tells when to do so again; null when there is nothing to stay for. */
function feeder({ db, now }: DeliveryDeps): () => Promise<number | null> {
  let movedAt = now()
  return async () => {
    const { moved, waits } = await feedRecoveries(db, now())
    if (moved) movedAt = now()
    if (moved) return 0
    return waits && now().getTime() - movedAt.getTime() < FEED_PATIENCE_MS ? FEED_EVERY_MS : null
  }
}
