import type { ListedReport } from '#db/queries/reports'
import { errorWords } from '#lib/delivery/error-words'
import { REPORT_STATES } from '#lib/delivery/report-words'
import { asSentence } from '#lib/format'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { type ChipStatus, StatusChip } from '#ui/status-chip'
import { TextAreaField } from '#ui/text-field'
import { ExactTime, Time } from '#ui/time'
import { discardReportAction, retryReportAction } from './report-actions'
import { ReportRetry } from './report-retry'

export type ReportState = Pick<
  ListedReport,
  'id' | 'status' | 'attempts' | 'nextAttemptAt' | 'lastErrorClass' | 'lastError' | 'endedAt'
>

export const REPORT_CHIPS: Record<ListedReport['status'], ChipStatus> = {
  delivered: 'delivered',
  pending: 'queued',
  retrying: 'retrying',
  failed: 'failed',
  discarded: 'discarded',
}

export function ReportChip({ status }: Pick<ReportState, 'status'>) {
  return <StatusChip status={REPORT_CHIPS[status]} label={REPORT_STATES[status]} />
}

type OutcomeProps = { report: ReportState; now: Date; direction?: 'report' | 'alert' }

/** How telling Front, or people, went, in a sentence or two, with what to do where it did not work. */
export function ReportOutcome({ report, now, direction = 'report' }: OutcomeProps) {
  const { status, attempts, nextAttemptAt, lastErrorClass, lastError, endedAt } = report
  if (status === 'delivered') return endedAt && <ExactTime at={endedAt} />
  if (attempts === 0) return 'No attempt yet.'
  const words = errorWords(lastErrorClass, direction, { ended: status === 'failed' })
  return (
    <>
      {attempts === 1 ? 'One attempt' : `${attempts} attempts`}. {words.title}.{' '}
      {lastError && lastError !== words.title && `${asSentence(lastError)} `}
      {status === 'failed' && words.tryThis}
      {status === 'retrying' && nextAttemptAt && <NextAttempt at={nextAttemptAt} now={now} />}
    </>
  )
}

function NextAttempt({ at, now }: { at: Date; now: Date }) {
  if (at <= now) return 'The next attempt is due.'
  return (
    <>
      Next attempt <Time at={at} now={now} />.
    </>
  )
}

/** What a person may do about a report that Front could not be told. */
export function ReportDecisions({ report: { id, status } }: { report: Pick<ReportState, 'id' | 'status'> }) {
  if (status !== 'failed' && status !== 'discarded') return null
  return (
    <div className="flex flex-wrap gap-2">
      <ReportRetry id={id} action={retryReportAction} />
      {status === 'failed' && (
        <ConfirmDialog
          trigger={<Button size="sm">Discard</Button>}
          title="Do not tell Front?"
          description="It no longer asks for attention. It stays in the log and can be retried later."
          confirmLabel="Discard"
          pendingLabel="Discarding…"
          action={discardReportAction}
          values={{ id }}
        >
          <TextAreaField name="reason" label="Reason" hint="For whoever asks later." required minLength={3} rows={2} />
        </ConfirmDialog>
      )}
    </div>
  )
}
