import type { listAuditEventsOf, MessageDetails } from '#db/queries/message-details'
import type { ListedReport } from '#db/queries/reports'
import { arrivedAfterAll } from '#lib/delivery/status-words'
import { asSentence } from '#lib/format'
import { Callout } from '#ui/callout'
import { Time } from '#ui/time'

type Props = {
  details: MessageDetails
  reports: ListedReport[]
  audit: Awaited<ReturnType<typeof listAuditEventsOf>>
  now: Date
}

/** What was learned of a message after it had been carried: that it bounced, or that it arrived although it had failed. */
export function Later({ details: { message, delivery }, reports, audit, now }: Props) {
  const { direction } = message
  const { status, reportedAt } = delivery
  if (arrivedAfterAll({ direction, status, reportedAt, reports: reports.length })) {
    return (
      <Callout tone="ok" title="Delivered after all">
        Front was told that it had failed. Later it reached the customer. Front cannot take the failure back, so it gets
        a comment that says so.
      </Callout>
    )
  }
  // What was sent outside Front is carried there either way; a reply that bounced has failed, and says so above.
  if (direction === 'outbound' || !reportedAt) return null
  const reason = audit.find(({ action }) => action === 'delivery.bounce')?.details?.reason
  return (
    <Callout tone="bad" title="It did not reach the customer">
      The provider reported so <Time at={reportedAt} now={now} />
      {typeof reason === 'string' ? `: ${asSentence(reason)}` : '.'}
    </Callout>
  )
}
