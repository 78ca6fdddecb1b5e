import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { updateChannelRow } from '#db/queries/channels'
import { AppError } from '#lib/errors'
import { applyHolds } from '#lib/flows/apply-holds'
import { loadChannelForChange } from '#lib/flows/load-channel'

/** Sends what was held, in order. */
export async function resumeChannel(
  db: Database,
  { channelId, actor, now }: { channelId: string; actor: string; now: Date },
): Promise<void> {
  await db.transaction(async (tx) => {
    const channel = await loadChannelForChange(tx, channelId)
    if (!channel.pausedAt) throw new AppError('conflict', 'This channel is not paused.')
    const resumed = await updateChannelRow(tx, {
      id: channelId,
      now,
      change: { pausedAt: null, pausedBy: null, pausedReason: null },
    })
    if (resumed) await applyHolds(tx, resumed, now)
    await recordAuditEvent(tx, { actor, action: 'channel.resume', channelId })
  })
}
