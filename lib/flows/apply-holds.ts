import type { Transaction } from '#db/client'
import type { Channel } from '#db/queries/channels'
import { setHolds } from '#db/queries/targets'
import { channelHolds } from '#lib/channels/holds'

/**
 * Holds and releases the sides of a channel as its row now says. Call it in the transaction of every change to what
 * `channelHolds` looks at; what is released goes out in order, at once.
 */
export async function applyHolds(tx: Transaction, channel: Channel, now: Date): Promise<void> {
  await setHolds(tx, { channelId: channel.id, holds: channelHolds(channel), now })
}
