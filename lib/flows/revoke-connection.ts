import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { getConnection, revokeConnectionRow } from '#db/queries/connections'
import { AppError } from '#lib/errors'

type Revocation = { connectionId: string; actor: string; now: Date }

/**
 * Ends a connection: its key or its OAuth tokens open nothing from this moment, and Front shows its users that they must
 * connect again. Channels, their history and what waits stay.
 * @returns false when it had ended before
 * @throws AppError `not_found`
 */
export async function revokeConnection(db: Database, { connectionId, actor, now }: Revocation): Promise<boolean> {
  return db.transaction(async (tx) => {
    const connection = await getConnection(tx, connectionId)
    if (!connection) throw new AppError('not_found', 'There is no such connection.')
    const ended = await revokeConnectionRow(tx, { connectionId, by: actor, now })
    if (!ended) return false
    const { name, kind, hint, channelId } = connection
    const about = channelId === null ? {} : { channelId }
    const details = { name, kind, hint }
    await recordAuditEvent(tx, { actor, action: 'connection.revoke', ...about, subjectId: connectionId, details })
    return true
  })
}
