import { announceDelivery } from '#lib/delivery/announce'
import type { EndpointDeps } from '#lib/endpoints/deps'

/** Below what a serverless function may live after its answer. */
const PASS_MS = 10_000

/** After a commit that added a delivery: wakes the workers, or makes the first attempt ourselves where none lives. */
export function startDelivery({ db, defer, drain, now }: EndpointDeps): void {
  if (!announceDelivery(db)) defer(() => drain(new Date(now().getTime() + PASS_MS)))
}
