import { carryClaims } from '#lib/delivery/carry'
import { confirmDue } from '#lib/delivery/confirm'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { createPump } from '#lib/delivery/pump'
import { CONCURRENCY, LEASE_MS } from '#lib/delivery/worker'

/**
 * One pass of the delivery work, for hosts where no process lives on: carries what is due until nothing is, or until
 * `deadline`, when it claims no more and settles what is in flight. Several may run at once.
 */
export async function drain(deps: DeliveryDeps, { deadline }: { deadline: Date }): Promise<void> {
  const pump = createPump({
    db: deps.db,
    carry: (claims) => carryClaims(deps, claims),
    concurrency: CONCURRENCY,
    leaseMs: LEASE_MS,
  })
  const timer = setTimeout(() => void pump.stop(), Math.max(0, deadline.getTime() - deps.now().getTime()))
  pump.wake()
  await pump.idle()
  clearTimeout(timer)
  await confirmDue(deps, () => deps.now() >= deadline)
}
