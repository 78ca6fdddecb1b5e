import type { ListedReport } from '#db/queries/reports'
import { reportWords } from '#lib/delivery/report-words'
import { Time } from '#ui/time'
import { ReportChip, ReportDecisions, ReportOutcome } from './report-parts'

/** What Front was told beside messages, each with how that went. */
export function ReportList({
  reports,
  now,
  label,
  canDecide,
}: {
  reports: readonly ListedReport[]
  now: Date
  label: string
  canDecide: boolean
}) {
  return (
    <ul aria-label={label} className="divide-y divide-rule">
      {reports.map((report) => (
        <li key={report.id} className="flex flex-col gap-1.5 px-4 py-3 sm:px-5">
          <ReportLine report={report} now={now} />
          {canDecide && <ReportDecisions report={report} />}
        </li>
      ))}
    </ul>
  )
}

function ReportLine({ report, now }: { report: ListedReport; now: Date }) {
  const { title, detail } = reportWords(report)
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="min-w-0 font-medium wrap-anywhere">{title}</p>
        <p className="flex items-center gap-3 text-sm text-muted">
          <ReportChip status={report.status} />
          <Time at={report.createdAt} now={now} />
        </p>
      </div>
      {detail && <p className="line-clamp-4 text-sm whitespace-pre-line text-ink wrap-anywhere">{detail}</p>}
      <p className="text-sm text-muted wrap-anywhere">
        <ReportOutcome report={report} now={now} />
      </p>
    </>
  )
}
