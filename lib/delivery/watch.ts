import { announceDelivery } from '#lib/delivery/announce'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { takeTurnSparingly } from '#lib/flows/take-turn'
import { watchChannels } from '#lib/flows/watch-channels'

/** All processes together look at the channels this often. */
export const WATCH_MS = 5000

/** Looks how channels are doing when it is time to, whoever asks, and wakes the workers for what is to be told. Returns how much that is. */
export async function watchInTurn({ db, publicUrl, now }: DeliveryDeps): Promise<number> {
  const turn = await takeTurnSparingly(db, { key: 'alerts', everyMs: WATCH_MS, burst: 1 })
  if (!turn.allowed) return 0
  const told = await watchChannels(db, { publicUrl, now: now() })
  if (told > 0) announceDelivery(db)
  return told
}
