import { listFailedReports } from '#db/queries/reports'
import { db } from '#lib/database'
import { Section } from '#ui/section'
import { ReportList } from '../../_parts/report-list'

type Props = { channelId: string; now: Date; canDecide: boolean }

/** What Front could not be told about this channel, to retry or to give up. Nothing when Front knows all. */
export async function UntoldSection({ channelId, now, canDecide }: Props) {
  const reports = await listFailedReports(db(), { channelId })
  if (reports.length === 0) return null
  return (
    <Section
      flush
      id="untold"
      title="Front could not be told"
      description="Patchbay has stopped trying. Messages are not affected: they go their own way."
    >
      <ReportList label="Front could not be told" reports={reports} now={now} canDecide={canDecide} />
    </Section>
  )
}
