import type { DeliveryStatus } from '#db/schema/deliveries'

type Told = {
  status: DeliveryStatus
  lastError: string | null
  nextAttemptAt: Date | null
  createdAt: Date
  endedAt: Date | null
}

const STATES: Record<DeliveryStatus, string> = {
  pending: 'queued',
  retrying: 'retrying',
  delivered: 'told',
  failed: 'failed',
  discarded: 'discarded',
}

/** How telling Front went, for the provider. */
export function describeReport({ status, lastError, nextAttemptAt, createdAt, endedAt }: Told) {
  return {
    state: STATES[status],
    error: lastError,
    created_at: createdAt,
    next_attempt_at: nextAttemptAt,
    told_at: status === 'delivered' ? endedAt : null,
  }
}
