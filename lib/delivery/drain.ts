import type { Database } from '#db/client'
import { msUntilClaimable } from '#db/queries/next-claim'
import { carryClaims } from '#lib/delivery/carry'
import { confirmDue } from '#lib/delivery/confirm'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { createPump, type Pump } from '#lib/delivery/pump'
import { applyRules } from '#lib/delivery/rules'
import { watchInTurn } from '#lib/delivery/watch'
import { CONCURRENCY, every, LEASE_MS } from '#lib/delivery/worker'
import { feedRecoveries } from '#lib/flows/feed-recoveries'
import { DEFAULT_TIMEOUT_MS } from '#lib/http/send'

/** Within this a rate limit lets the next delivery through. */
const PATIENCE_MS = 2000
const SHORTEST_WAIT_MS = 50
/** What others add meanwhile may be due before that for which a pass waits. */
const LONGEST_WAIT_MS = 5000
const LOOK_EVERY_MS = 1000
/** What a claim may take at worst: two looks for a message whose answer was lost, and a try. */
export const LONGEST_CARRY_MS = 3 * DEFAULT_TIMEOUT_MS
/** Of a recovery that waits for its rate, or for room in the lanes. */
const FEED_EVERY_MS = 1000
/** A recovery in which nothing has moved for so long waits for something that a pass cannot bring about. */
const FEED_PATIENCE_MS = 10_000

export type Pass = {
  /** When it claims no more and only settles what is in flight, which takes `LONGEST_CARRY_MS` at most. */
  deadline: Date
  /** Waits so long for what falls due later; for the rest another pass comes. */
  patienceMs?: number
  /** Feeds recoveries as well, and stays for them. */
  recover?: boolean
}

/**
 * One pass of the delivery work, for hosts where no process lives on: carries what is due until nothing is, or until the
 * deadline; looks meanwhile for what Front accepted. Several may run at once.
 */
export async function drain(
  deps: DeliveryDeps,
  { deadline, patienceMs = PATIENCE_MS, recover = false }: Pass,
): Promise<void> {
  const pump = createPump({
    db: deps.db,
    carry: (claims) => carryClaims(deps, claims),
    concurrency: CONCURRENCY,
    leaseMs: LEASE_MS,
  })
  const leftMs = () => Math.max(0, deadline.getTime() - deps.now().getTime())
  const isOver = () => leftMs() === 0
  const stopping = setTimeout(() => void pump.stop(), leftMs())
  const looking = every(LOOK_EVERY_MS, () => lookAround(deps, { pump, isOver }), { atOnce: false })
  const mayWait = (ms: number) => ms <= Math.min(patienceMs, leftMs())
  try {
    await carryUntil({ db: deps.db, pump, isOver, mayWait }, recover ? feeder(deps) : async () => null)
    await lookAround(deps, { pump, isOver })
    await pump.idle()
  } finally {
    clearTimeout(stopping)
    await Promise.all([looking.stop(), pump.stop()])
  }
}

type Carrying = { db: Database; pump: Pump; isOver: () => boolean; mayWait: (ms: number) => boolean }

async function carryUntil({ db, pump, isOver, mayWait }: Carrying, feedWaitMs: () => Promise<number | null>) {
  let waitMs: number | null = 0
  while (waitMs !== null && mayWait(waitMs) && !isOver()) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs ?? 0, LONGEST_WAIT_MS)))
    const feedMs = await feedWaitMs()
    pump.wake()
    await pump.idle()
    const ms = await msUntilClaimable(db)
    const waits = [ms, feedMs].filter((one) => one !== null)
    waitMs = waits.length === 0 ? null : Math.max(Math.min(...waits), SHORTEST_WAIT_MS)
  }
}

/** What has nothing to do with claims, and must not wait until there are none. */
async function lookAround(deps: DeliveryDeps, { pump, isOver }: Pick<Carrying, 'pump' | 'isOver'>): Promise<void> {
  await applyRules(deps.db, deps.now())
  if ((await watchInTurn(deps)) > 0) pump.wake()
  await confirmDue(deps, isOver)
}

/** Feeds recoveries once and tells when to do so again; null when there is nothing to stay for. */
function feeder({ db, now }: DeliveryDeps): () => Promise<number | null> {
  let movedAt = now()
  return async () => {
    const { moved, waits } = await feedRecoveries(db, now())
    if (moved) {
      movedAt = now()
      return 0
    }
    return waits && now().getTime() - movedAt.getTime() < FEED_PATIENCE_MS ? FEED_EVERY_MS : null
  }
}
