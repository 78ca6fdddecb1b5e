import { announceDelivery } from '#lib/delivery/announce'
import type { EndpointDeps } from '#lib/endpoints/deps'

/** A serverless function lives long enough for this and for what is in flight then; see `LONGEST_CARRY_MS`. */
export const PASS_MS = 10_000

/** After a commit that added a delivery: wakes the workers, or makes the first attempt ourselves where none lives. */
export function startDelivery({ db, defer, drain, now }: EndpointDeps): void {
  if (!announceDelivery(db)) defer(() => drain({ deadline: new Date(now().getTime() + PASS_MS) }))
}
