import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { updateChannelRow } from '#db/queries/channels'
import { mintChannelKey } from '#lib/channels/keys'
import { loadChannelForChange } from '#lib/flows/load-channel'

/**
 * Gives a channel new public addresses. The old ones answer 404 from this moment: Front's outgoing URL and the
 * provider's URL have to be changed by whoever owns them.
 */
export async function rotateChannelAddress(
  db: Database,
  { channelId, actor, now }: { channelId: string; actor: string; now: Date },
): Promise<{ channelKey: string }> {
  return db.transaction(async (tx) => {
    await loadChannelForChange(tx, channelId)
    const channelKey = mintChannelKey()
    await updateChannelRow(tx, { id: channelId, now, change: { key: channelKey } })
    await recordAuditEvent(tx, { actor, action: 'channel.rotate_address', channelId })
    return { channelKey }
  })
}
