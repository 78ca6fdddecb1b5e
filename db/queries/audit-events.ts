import type { Db } from '#db/client'
import { newId } from '#db/ids'
import { auditEvents } from '#db/schema/audit-events'

export type AuditEvent = {
  /** A person's e-mail, or `worker`. */
  actor: string
  /** Object and verb: `channel.pause`, `delivery.retry`. */
  action: string
  channelId?: string
  subjectId?: string
  details?: Record<string, unknown>
}

/** Call it with the transaction of the change that it records. */
export async function recordAuditEvent(db: Db, event: AuditEvent): Promise<void> {
  await db.insert(auditEvents).values({ id: newId(), ...event })
}
