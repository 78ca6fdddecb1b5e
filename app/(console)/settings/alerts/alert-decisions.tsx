import type { ListedAlert } from '#db/queries/alerts'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { ReportRetry } from '../../_parts/report-retry'
import { discardAlertAction, retryAlertAction } from './told-actions'

/** What a person may do about an alert that did not arrive. */
export function AlertDecisions({ alert: { id, status } }: { alert: ListedAlert }) {
  const mayRetry = status !== 'delivered' && status !== 'pending'
  const mayDiscard = status === 'failed'
  if (!mayRetry && !mayDiscard) return null
  return (
    <div className="flex flex-wrap gap-2">
      {mayRetry && <ReportRetry id={id} action={retryAlertAction} />}
      {mayDiscard && (
        <ConfirmDialog
          trigger={<Button size="sm">Give up</Button>}
          title="Give this alert up?"
          description="It no longer asks for attention. It stays in the log and can be retried later."
          confirmLabel="Give up"
          pendingLabel="Giving up…"
          action={discardAlertAction}
          values={{ id }}
        />
      )}
    </div>
  )
}
