import type { ListedReport } from '#db/queries/reports'
import { Section } from '#ui/section'
import { ReportList } from '../../_parts/report-list'

type Props = { reports: ListedReport[]; now: Date; canDecide: boolean }

/** What Front was told about this message beside the message itself. Nothing where there was nothing to tell. */
export function ToldToFront({ reports, now, canDecide }: Props) {
  if (reports.length === 0) return null
  return (
    <Section
      flush
      id="told"
      title="What Front was told"
      description="So that whoever waits in Front knows what became of it."
    >
      <ReportList label="What Front was told" reports={reports} now={now} canDecide={canDecide} />
    </Section>
  )
}
