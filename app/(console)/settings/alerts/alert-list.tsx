import type { ListedAlert } from '#db/queries/alerts'
import { alertWords } from '#lib/alerts/alert-words'
import { alertEvent } from '#lib/alerts/event'
import { ALERT_STATES } from '#lib/alerts/setting-words'
import { StatusChip } from '#ui/status-chip'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { REPORT_CHIPS, ReportOutcome } from '../../_parts/report-parts'
import { AlertDecisions } from './alert-decisions'

type Props = {
  alerts: readonly ListedAlert[]
  /** What destinations are called, where the list is of several. */
  names?: ReadonlyMap<string, string>
  now: Date
  canDecide: boolean
}

/** What people were told, newest first, each with how that went. */
export function AlertList({ alerts, names, now, canDecide }: Props) {
  return (
    <ul aria-label="Recent alerts" className="divide-y divide-rule">
      {alerts.map((alert) => (
        <li key={alert.id} className="flex flex-col gap-1.5 px-4 py-3 sm:px-5">
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <p className="min-w-0 font-medium wrap-anywhere">
              <TextLink href={`/settings/alerts/told/${alert.id}`}>{alertTitle(alert)}</TextLink>
            </p>
            <p className="flex items-center gap-3 text-sm text-muted">
              <AlertChip status={alert.status} />
              <Time at={alert.createdAt} now={now} />
            </p>
          </div>
          <p className="text-sm text-muted wrap-anywhere">
            {names && `To ${names.get(alert.destinationId) ?? 'a destination that was removed'}. `}
            <ReportOutcome report={alert} now={now} direction="alert" />
          </p>
          {canDecide && <AlertDecisions alert={alert} />}
        </li>
      ))}
    </ul>
  )
}

export function AlertChip({ status }: Pick<ListedAlert, 'status'>) {
  return <StatusChip status={REPORT_CHIPS[status]} label={ALERT_STATES[status]} />
}

/** An alert that another version wrote still says what it is about. */
export function alertTitle({ payload, channelName }: Pick<ListedAlert, 'payload' | 'channelName'>): string {
  const event = alertEvent.safeParse(payload)
  return event.success ? alertWords(event.data).title : `An alert about ${channelName}`
}
