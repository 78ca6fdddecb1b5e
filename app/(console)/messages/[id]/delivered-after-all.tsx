import type { MessageDetails } from '#db/queries/message-details'
import type { ListedReport } from '#db/queries/reports'
import { Callout } from '#ui/callout'

/** Front was told that the reply failed, and later it arrived. */
export function isDeliveredAfterAll({ delivery, message }: MessageDetails, reports: readonly ListedReport[]): boolean {
  const wasFailed = delivery.reportedAt !== null || reports.some((report) => report.kind === 'failed')
  return message.direction === 'outbound' && delivery.status === 'delivered' && wasFailed
}

export function DeliveredAfterAll() {
  return (
    <Callout tone="ok" title="Delivered after all">
      Front was told that this reply had failed. Later it reached the customer. Front cannot take the failure back, so
      it gets a comment that says so.
    </Callout>
  )
}
