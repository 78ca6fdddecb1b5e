import type { Transaction } from '#db/client'
import { type Channel, lockChannel } from '#db/queries/channels'
import { AppError } from '#lib/errors'

/**
 * The channel that a flow is about to change, locked until its transaction ends.
 * @throws AppError `not_found`, or `channel_disabled` for an archived one
 */
export async function loadChannelForChange(tx: Transaction, channelId: string): Promise<Channel> {
  const channel = await lockChannel(tx, channelId)
  if (!channel) throw new AppError('not_found', 'There is no such channel.')
  if (channel.archivedAt) throw new AppError('channel_disabled', 'This channel is archived.')
  return channel
}
