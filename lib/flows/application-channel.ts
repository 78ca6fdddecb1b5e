import type { Transaction } from '#db/client'
import type { Channel } from '#db/queries/channels'
import { AppError } from '#lib/errors'
import { loadChannelForChange } from '#lib/flows/load-channel'

/** Custom channels of Front know messages only. */
export function applicationOnly(what: string): AppError {
  return new AppError(
    'application_only',
    `This is a custom channel. Front takes ${what} for application channels only.`,
  )
}

/**
 * An application channel that a flow is about to work on, locked until its transaction ends.
 * @throws AppError `not_found`, `channel_disabled`, or `application_only`
 */
export async function requireApplicationChannel(tx: Transaction, channelId: string, what: string): Promise<Channel> {
  const channel = await loadChannelForChange(tx, channelId)
  if (channel.kind !== 'application') throw applicationOnly(what)
  return channel
}
