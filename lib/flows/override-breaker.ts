import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { closeBreaker } from '#db/queries/breakers'
import type { ChannelSide } from '#db/schema/targets'
import { AppError } from '#lib/errors'

type Override = { channelId: string; direction: ChannelSide; actor: string }

/**
 * Sends to a target again that Patchbay had stopped calling, because a person knows that it is well. It stops again when
 * it is not.
 * @throws AppError `conflict` when it is being called already
 */
export async function overrideBreaker(db: Database, { channelId, direction, actor }: Override): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await closeBreaker(tx, { channelId, direction, by: actor }))) {
      throw new AppError('conflict', 'Patchbay is sending there already.')
    }
    await recordAuditEvent(tx, { actor, action: 'breaker.override', channelId, details: { direction } })
  })
}
