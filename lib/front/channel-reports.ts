import { buildRequest, segment } from '#lib/front/requests'
import type { FrontAccess, FrontRequest } from '#lib/front/transport'

/** `offline` shows teammates a notice that leads to the channel's settings. That `ok` takes it away is presumed. */
export const CHANNEL_STATUSES = ['offline', 'ok'] as const
export type FrontChannelStatus = (typeof CHANNEL_STATUSES)[number]

/** Tells Front whether an application channel works (A4). Front answers 204. */
export function updateChannelStatusRequest(
  access: FrontAccess,
  { frontChannelId, status }: { frontChannelId: string; status: FrontChannelStatus },
): FrontRequest {
  return buildRequest(access, { method: 'PATCH', path: `/channels/${segment(frontChannelId)}`, json: { status } })
}

export type FailedMessage = {
  frontChannelId: string
  /** Both as Front was told them: in the answer to its `message`, or with a synced message. */
  externalConversationId: string
  externalId: string
  /** Shown to teammates. */
  reason?: string | null
}

/**
 * Marks a message that Front took for sent as failed (A5): its conversation opens again and shows the reason. Only for
 * messages to a customer. Front answers 204.
 */
export function messageFailedRequest(access: FrontAccess, failed: FailedMessage): FrontRequest {
  const conversation = `/channels/${segment(failed.frontChannelId)}/conversations/${segment(failed.externalConversationId)}`
  return buildRequest(access, {
    method: 'PUT',
    path: `${conversation}/messages/${segment(failed.externalId)}/status`,
    json: { status: 'failed', ...(failed.reason ? { reason: failed.reason } : {}) },
  })
}
