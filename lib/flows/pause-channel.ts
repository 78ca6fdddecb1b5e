import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { updateChannelRow } from '#db/queries/channels'
import { isUnfinished } from '#lib/channels/channel-status'
import { AppError } from '#lib/errors'
import { applyHolds } from '#lib/flows/apply-holds'
import { loadChannelForChange } from '#lib/flows/load-channel'

type Pause = { channelId: string; reason: string; actor: string; now: Date }

/**
 * Stops sending both ways. Messages are still taken in; they are kept and go out in order after `resumeChannel`. A
 * delivery that is in flight just now still ends.
 */
export async function pauseChannel(db: Database, { channelId, reason, actor, now }: Pause): Promise<void> {
  await db.transaction(async (tx) => {
    const channel = await loadChannelForChange(tx, channelId)
    if (isUnfinished(channel.frontChannelId)) {
      throw new AppError('conflict', 'This channel is not finished, so nothing is sent anyway.')
    }
    if (channel.pausedAt) throw new AppError('conflict', `${channel.pausedBy ?? 'Somebody'} paused it already.`)
    const change = { pausedAt: now, pausedBy: actor, pausedReason: reason }
    const paused = await updateChannelRow(tx, { id: channelId, now, change })
    if (paused) await applyHolds(tx, paused, now)
    await recordAuditEvent(tx, { actor, action: 'channel.pause', channelId, details: { reason } })
  })
}
