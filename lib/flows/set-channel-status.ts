import type { Database, Transaction } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type Channel, updateChannelRow } from '#db/queries/channels'
import { enqueueReport, reportLane } from '#db/queries/reports'
import { forgetRefusals } from '#db/queries/targets'
import { AppError } from '#lib/errors'
import { applyHolds } from '#lib/flows/apply-holds'
import { loadChannelForChange } from '#lib/flows/load-channel'

export type ChannelStatusChange = {
  channelId: string
  status: 'offline' | 'ok'
  /** Why, for people; needed for `offline`. */
  reason: string | null
  /** A person's e-mail, `provider`, `rule`, or `front` when it connected the channel again. */
  by: string
  now: Date
}

/**
 * Shows an application channel as offline in Front, or as working again (A4). While it is offline replies are kept and
 * nothing is sent to the provider; what was held goes out in order when it is back. Front is told by a report, which is
 * tried until it arrives.
 * @returns whether anything changed: the same status again is fine
 * @throws AppError `not_found`, `channel_disabled`, or `conflict` for a channel that Front cannot be told about
 */
export async function setChannelStatus(db: Database, change: ChannelStatusChange): Promise<boolean> {
  return db.transaction(async (tx) => {
    const channel = await loadChannelForChange(tx, change.channelId)
    refuseImpossible(channel)
    if ((change.status === 'offline') === Boolean(channel.offlineSince)) return false
    await changeStatus(tx, channel, change)
    return true
  })
}

/** The same within a flow of the caller's, which has locked the channel and knows that its status is another one. */
export async function changeStatus(tx: Transaction, channel: Channel, change: ChannelStatusChange): Promise<void> {
  const { status, reason, by, now } = change
  const offline = { offlineSince: now, offlineBy: by, offlineReason: reason }
  const online = { offlineSince: null, offlineBy: null, offlineReason: null }
  const changed = await updateChannelRow(tx, {
    id: channel.id,
    now,
    change: status === 'offline' ? offline : online,
  })
  if (status === 'ok') await forgetRefusals(tx, channel.id)
  if (changed) await applyHolds(tx, changed, now)
  const conversationId = await reportLane(tx, { channelId: channel.id, kind: 'channel', key: 'status' })
  await enqueueReport(tx, {
    channelId: channel.id,
    conversationId,
    kind: 'status',
    subjectId: channel.id,
    payload: { status },
    createdBy: by,
  })
  const action = status === 'offline' ? 'channel.offline' : 'channel.online'
  await recordAuditEvent(tx, { actor: by, action, channelId: channel.id, details: { reason } })
}

function refuseImpossible({ kind, connectedAt, disconnectedAt }: Channel): void {
  if (kind !== 'application') {
    throw new AppError('conflict', 'Front shows only application channels as offline. Pause this channel instead.')
  }
  if (!connectedAt) throw new AppError('conflict', 'Front has not connected this channel yet.')
  if (disconnectedAt) throw new AppError('conflict', 'Front removed this channel, so it cannot be told about it.')
}
