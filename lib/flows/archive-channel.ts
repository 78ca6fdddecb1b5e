import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { expireKeys } from '#db/queries/channel-keys'
import { updateChannelRow } from '#db/queries/channels'
import { revokeConnectionsOf } from '#db/queries/connections'
import { AppError } from '#lib/errors'
import { applyHolds } from '#lib/flows/apply-holds'
import { loadChannelForChange } from '#lib/flows/load-channel'

type Archive = { channelId: string; typedName: string; actor: string; now: Date }

/**
 * Takes a channel out of use for good: its addresses answer 404, its keys and connections end, what waits stays where it is, its log
 * stays readable. The channel in Front is not touched (Front's API cannot remove it).
 */
export async function archiveChannel(db: Database, { channelId, typedName, actor, now }: Archive): Promise<void> {
  await db.transaction(async (tx) => {
    const channel = await loadChannelForChange(tx, channelId)
    if (typedName.trim() !== channel.name) {
      throw new AppError('invalid_input', 'The name does not match.', {
        details: [{ path: 'typedName', message: `Type ${channel.name} exactly as it is.` }],
      })
    }
    const archived = await updateChannelRow(tx, { id: channelId, now, change: { archivedAt: now } })
    if (archived) await applyHolds(tx, archived, now)
    await expireKeys(tx, { channelId, purpose: 'incoming', expiresAt: now })
    await expireKeys(tx, { channelId, purpose: 'signing', expiresAt: now })
    await revokeConnectionsOf(tx, { channelId, by: actor, now })
    await recordAuditEvent(tx, { actor, action: 'channel.archive', channelId, details: { name: channel.name } })
  })
}
