import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { updateChannelRow } from '#db/queries/channels'
import { releaseTargets } from '#db/queries/targets'
import { AppError } from '#lib/errors'
import { loadChannelForChange } from '#lib/flows/load-channel'

/** Sends what was held, in order. */
export async function resumeChannel(
  db: Database,
  { channelId, actor, now }: { channelId: string; actor: string; now: Date },
): Promise<void> {
  await db.transaction(async (tx) => {
    const channel = await loadChannelForChange(tx, channelId)
    if (!channel.pausedAt) throw new AppError('conflict', 'This channel is not paused.')
    await updateChannelRow(tx, {
      id: channelId,
      now,
      change: { pausedAt: null, pausedBy: null, pausedReason: null },
    })
    await releaseTargets(tx, channelId)
    await recordAuditEvent(tx, { actor, action: 'channel.resume', channelId })
  })
}
