import type { FrontOutcome, FrontRequest } from '#lib/front/transport'
import { outboundToFront } from '#lib/http/outbound'

/** Sends a call of a page or a flow to Front, with room for a whole page of its lists. */
export function sendToFront(request: FrontRequest): Promise<FrontOutcome> {
  return outboundToFront()(request)
}
