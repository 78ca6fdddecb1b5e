import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { recordAuditEvent } from '#db/queries/audit-events'
import { insertRecovery } from '#db/queries/recoveries'
import type { RetryWay } from '#db/schema/recoveries'
import { AppError } from '#lib/errors'
import { isRecoverable, type MessageFilters, timeSpan } from '#lib/log-filters'

type Start = {
  filters: MessageFilters
  perMinute: number
  way: RetryWay
  reason: string | null
  actor: string
  now: Date
}

/** From one in a minute to about as fast as one worker goes. */
export const PER_MINUTE = { min: 1, max: 6000 } as const

/**
 * Begins to send again all that a filter of the message log matches now. The worker looks up what that is and feeds it
 * into the lanes at the chosen rate.
 * @returns the id of the recovery
 * @throws AppError `invalid_input` for a filter of messages that have not failed, or a rate out of bounds
 */
export async function startRecovery(db: Database, { filters, now, actor, ...start }: Start): Promise<string> {
  if (!isRecoverable(filters)) {
    throw new AppError('invalid_input', 'Choose messages that failed, or that Front never showed.')
  }
  const { perMinute, way, reason } = start
  if (!Number.isInteger(perMinute) || perMinute < PER_MINUTE.min || perMinute > PER_MINUTE.max) {
    throw new AppError('invalid_input', `Choose a rate from ${PER_MINUTE.min} to ${PER_MINUTE.max} a minute.`)
  }
  const id = newId()
  await db.transaction(async (tx) => {
    const filter = fixedFilter(filters, now)
    await insertRecovery(tx, { id, filter, perMinute, way, reason, createdBy: actor })
    const details = { filter, perMinute, way, ...(reason ? { reason } : {}) }
    await recordAuditEvent(tx, { actor, action: 'recovery.start', subjectId: id, details })
  })
  return id
}

/** What fails later, or is taken in later, belongs to it no more than what stands on another page. */
function fixedFilter(filters: MessageFilters, now: Date): Record<string, string> {
  const { from, to } = timeSpan(filters, now)
  const { q, in: searchIn, channel, direction, status, cause } = filters
  const all = { q, in: searchIn, channel, direction, status, cause, range: 'custom' }
  const given = Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return { ...Object.fromEntries(given), from: from.toISOString(), to: (to ?? now).toISOString() }
}
