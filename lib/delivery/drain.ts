import { msUntilClaimable } from '#db/queries/next-claim'
import { carryClaims } from '#lib/delivery/carry'
import { confirmDue } from '#lib/delivery/confirm'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { createPump } from '#lib/delivery/pump'
import { applyRules } from '#lib/delivery/rules'
import { CONCURRENCY, LEASE_MS } from '#lib/delivery/worker'

/** A rate limit lets the next delivery through within this; for a retry that is due later another pass comes. */
const PATIENCE_MS = 2000
const SHORTEST_WAIT_MS = 50

/**
 * One pass of the delivery work, for hosts where no process lives on: carries what is due until nothing is, also what a
 * rate limit lets through bit by bit, or until `deadline`, when it claims no more and settles what is in flight. Several
 * may run at once.
 */
export async function drain(deps: DeliveryDeps, { deadline }: { deadline: Date }): Promise<void> {
  const pump = createPump({
    db: deps.db,
    carry: (claims) => carryClaims(deps, claims),
    concurrency: CONCURRENCY,
    leaseMs: LEASE_MS,
  })
  const timer = setTimeout(() => void pump.stop(), Math.max(0, deadline.getTime() - deps.now().getTime()))
  const isOver = () => deps.now() >= deadline
  let waitMs: number | null = 0
  while (waitMs !== null && waitMs <= PATIENCE_MS && !isOver()) {
    await new Promise((resolve) => setTimeout(resolve, waitMs ?? 0))
    pump.wake()
    await pump.idle()
    const ms = await msUntilClaimable(deps.db)
    waitMs = ms === null ? null : Math.max(ms, SHORTEST_WAIT_MS)
  }
  clearTimeout(timer)
  await applyRules(deps.db, deps.now())
  await confirmDue(deps, isOver)
}
