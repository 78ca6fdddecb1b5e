import type { ListedAlert } from '#db/queries/alerts'
import { Time } from '#ui/time'
import { ReportOutcome } from '../../../_parts/report-parts'
import { AlertChip } from '../alert-list'

/** What became of the newest test. Always there, so that screen readers hear it when it changes. */
export function LastTest({ alert, now }: { alert: ListedAlert | undefined; now: Date }) {
  return (
    <div role="status" aria-label="The last test">
      {alert ? (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <AlertChip status={alert.status} />
          <span className="min-w-0 text-sm text-muted wrap-anywhere">
            <Time at={alert.createdAt} now={now} /> by {alert.createdBy}
          </span>
          {alert.status === 'failed' && (
            <span className="w-full text-sm wrap-anywhere">
              <ReportOutcome report={alert} now={now} direction="alert" />
            </span>
          )}
        </p>
      ) : (
        <p className="text-muted">No test was sent yet.</p>
      )}
    </div>
  )
}
