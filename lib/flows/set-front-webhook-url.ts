import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import type { Channel } from '#db/queries/channels'
import { channelAddresses } from '#lib/channels/addresses'
import type { FrontClient } from '#lib/front/client'

type Setting = {
  channel: Pick<Channel, 'id' | 'key' | 'frontChannelId'>
  front: Pick<FrontClient, 'updateChannel'>
  publicUrl: string
  actor: string
}

/**
 * Writes our outgoing URL into the channel's settings in Front (B5). Front never tells the present one (T23), so
 * setting it again is the only way to be sure.
 */
export async function setFrontWebhookUrl(db: Database, { channel, front, publicUrl, actor }: Setting): Promise<void> {
  const webhookUrl = channelAddresses({ publicUrl, channelKey: channel.key }).outgoing
  await front.updateChannel({ channelId: channel.frontChannelId, settings: { webhookUrl } })
  await recordAuditEvent(db, { actor, action: 'channel.set_front_url', channelId: channel.id })
}
