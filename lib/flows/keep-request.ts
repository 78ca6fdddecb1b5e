import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { insertRequest, type NewRequest } from '#db/queries/requests'
import { takeTurnSparingly } from '#lib/flows/take-turn'

/** How many calls the log of a channel, or of an app, takes in a minute: a stranger cannot fill it. */
const KEPT_PER_MINUTE = 60

/**
 * Keeps a call that did not become a message: at most 60 at once and one a second after that, per channel or app; what comes
 * beyond is only answered. False when it was not kept.
 */
export async function keepRequest(db: Database, request: Omit<NewRequest, 'id'>): Promise<boolean> {
  const limit = {
    key: `requests:${request.channelId ?? request.appId}`,
    everyMs: 60_000 / KEPT_PER_MINUTE,
    burst: KEPT_PER_MINUTE,
  }
  const { allowed } = await takeTurnSparingly(db, limit)
  if (allowed) await insertRequest(db, { id: newId(), ...request })
  return allowed
}
