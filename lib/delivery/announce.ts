import { sql } from 'drizzle-orm'
import type { Database } from '#db/client'
import { wakeWorkerHere } from '#lib/delivery/worker-here'

/** Other processes hear of new deliveries at most this often; their own look, once a second, misses none. */
const GAP_MS = 20

let announcing = false

/**
 * After a commit that added a delivery: wakes the worker of this process at once and those of others by NOTIFY. Not in
 * the transaction itself: commits that notify queue up behind one lock until each is on the disk.
 * @returns false where no worker lives in this process
 */
export function announceDelivery(db: Database): boolean {
  const isHere = wakeWorkerHere()
  if (isHere && !announcing) {
    announcing = true
    setTimeout(() => {
      announcing = false
      // Nothing rests on it, so there is nothing to do when it fails.
      db.execute(sql`select pg_notify('patchbay_delivery', '')`).catch(() => {})
    }, GAP_MS).unref()
  }
  return isHere
}
