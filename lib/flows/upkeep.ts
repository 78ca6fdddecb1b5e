import type { Database } from '#db/client'
import { deleteUnusedGrants } from '#db/queries/oauth-grants'
import { deleteOldTokens } from '#db/queries/oauth-tokens'
import { ensurePartitions } from '#db/queries/partitions'
import { deleteOldRecoveries } from '#db/queries/recoveries'
import { deletePassedThrottles } from '#db/queries/throttles'
import { forgetOldLog } from '#lib/flows/forget-old-log'

/** What was recovered is told for so long; the messages themselves stay in the log. */
const RECOVERY_KEPT_MS = 90 * 86_400_000
const MOST_RECOVERIES = 20

/** What has to be done now and then: partitions made ahead, limiters and tokens that have run out removed, old log
 * forgotten. Safe to repeat. */
export async function upkeep(db: Database, now: Date): Promise<void> {
  await ensurePartitions(db, now)
  await deletePassedThrottles(db)
  await deleteOldTokens(db, now)
  await deleteUnusedGrants(db, now)
  await deleteOldRecoveries(db, { before: new Date(now.getTime() - RECOVERY_KEPT_MS), limit: MOST_RECOVERIES })
  await forgetOldLog(db, now)
}
