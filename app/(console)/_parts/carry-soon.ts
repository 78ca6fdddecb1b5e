import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { startDelivery } from '#lib/endpoints/start-delivery'

/** After an action that may have made a delivery due: where no worker lives, a pass begins once the answer is on its way. */
export function carrySoon(): void {
  startDelivery(endpointDeps(after))
}
