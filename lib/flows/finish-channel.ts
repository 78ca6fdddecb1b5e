import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type Channel, deleteChannelRow, lockChannel, updateChannelRow } from '#db/queries/channels'
import { isUnfinished } from '#lib/channels/channel-status'
import { AppError } from '#lib/errors'
import { applyHolds } from '#lib/flows/apply-holds'
import { refuseTakenFrontChannel } from '#lib/flows/refuse-taken-front-channel'

type Finish = { channelId: string; frontChannelId: string; actor: string; now: Date }

/**
 * Gives an unfinished channel the id that Front knows it by; what was held meanwhile goes out.
 * @throws AppError `conflict` when the channel is finished already or another one has that id
 */
export async function finishChannel(db: Database, finish: Finish): Promise<Channel> {
  const { channelId, frontChannelId, actor, now } = finish
  return refuseTakenFrontChannel(() =>
    db.transaction(async (tx) => {
      await lockUnfinished(tx, channelId)
      const channel = await updateChannelRow(tx, { id: channelId, now, change: { frontChannelId } })
      if (!channel) throw new AppError('not_found', 'There is no such channel.')
      await applyHolds(tx, channel, now)
      await recordAuditEvent(tx, { actor, action: 'channel.finish', channelId, details: { frontChannelId } })
      return channel
    }),
  )
}

/** Removes a channel that never came to be in Front, with whatever it held. */
export async function dropUnfinishedChannel(
  db: Database,
  { channelId, actor }: { channelId: string; actor: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const channel = await lockUnfinished(tx, channelId)
    await deleteChannelRow(tx, channelId)
    await recordAuditEvent(tx, { actor, action: 'channel.drop', channelId, details: { name: channel.name } })
  })
}

async function lockUnfinished(tx: Parameters<typeof lockChannel>[0], channelId: string): Promise<Channel> {
  const channel = await lockChannel(tx, channelId)
  if (!channel) throw new AppError('not_found', 'There is no such channel.')
  if (!isUnfinished(channel.frontChannelId)) throw new AppError('conflict', 'This channel is finished already.')
  return channel
}
