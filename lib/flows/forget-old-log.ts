import type { Database } from '#db/client'
import {
  deleteOldAppCalls,
  deleteOldAutoreplyKeys,
  deleteOldLog,
  dropMonth,
  keepsForEver,
  listOldMonths,
  listRetentions,
} from '#db/queries/retention'
import { describeError } from '#lib/http/failures'
import { log } from '#lib/log'

const DAY_MS = 86_400_000
/** Refused calls that belong to an app and to no channel. */
const APP_CALLS_DAYS = 90
/** Longer than Front tries again or needs to import one. */
const AUTOREPLY_KEYS_DAYS = 30
const BATCH = 1000

type Budget = {
  /** Deliveries that one pass deletes row by row, at most: what is left over goes with the next. */
  rows?: number
}

/**
 * Forgets what channels no longer keep: whole months where every channel lets them go, the rest row by row. What waits to
 * be sent is never forgotten.
 */
export async function forgetOldLog(db: Database, now: Date, { rows = 50_000 }: Budget = {}): Promise<void> {
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const retentions = await listRetentions(db)
  if (retentions.length > 0 && !(await keepsForEver(db))) {
    await dropMonths(db, ago(Math.max(...retentions.map(({ days }) => days))))
  }
  let left = rows
  for (const { channelId, days } of retentions) {
    let went = BATCH
    while (went === BATCH && left > 0) {
      went = await deleteOldLog(db, { channelId, before: ago(days), limit: BATCH })
      left -= went
    }
  }
  await deleteOldAppCalls(db, { before: ago(APP_CALLS_DAYS), limit: BATCH })
  await deleteOldAutoreplyKeys(db, ago(AUTOREPLY_KEYS_DAYS))
}

async function dropMonths(db: Database, before: Date): Promise<void> {
  for (const month of await listOldMonths(db, before)) {
    try {
      if (await dropMonth(db, month)) log('info', 'log.month_dropped', { month: month.month })
    } catch (error) {
      // Somebody reads the log for longer than we wait; nothing is in a hurry.
      log('warn', 'log.month_not_dropped', { month: month.month, ...describeError(error) })
    }
  }
}
