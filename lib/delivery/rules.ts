import type { Database } from '#db/client'
import { endDrains, listRefusedChannels } from '#db/queries/targets'
import { setChannelStatus } from '#lib/flows/set-channel-status'

/** What a channel's state asks for without anybody saying so; looked at every second. */
export async function applyRules(db: Database, now: Date): Promise<void> {
  await applyOfflineRule(db, now)
  await endDrains(db)
}

/**
 * Sets channels offline whose provider has refused our credentials too often in a row: teammates see it in Front before
 * they write more that cannot go out. Until somebody mends it replies are kept.
 */
async function applyOfflineRule(db: Database, now: Date): Promise<void> {
  for (const { id, failures, lastError } of await listRefusedChannels(db)) {
    const times = failures === 1 ? 'once' : `${failures} times in a row`
    const reason = `The provider refused Patchbay ${times}. ${lastError ?? ''}`.trim()
    await setChannelStatus(db, { channelId: id, status: 'offline', reason, by: 'rule', now })
  }
}
