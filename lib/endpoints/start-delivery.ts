import { isWorkerHere } from '#lib/delivery/worker-here'
import type { EndpointDeps } from '#lib/endpoints/deps'

/** Below what a serverless function may live after its answer. */
const PASS_MS = 10_000

/** After a commit that added a delivery: makes the first attempt quick where no worker listens in this process. */
export function startDelivery({ defer, drain, now }: EndpointDeps): void {
  if (!isWorkerHere()) defer(() => drain(new Date(now().getTime() + PASS_MS)))
}
