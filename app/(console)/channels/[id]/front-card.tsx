import { type ListedReport, listReports } from '#db/queries/reports'
import { db } from '#lib/database'
import { readReport } from '#lib/delivery/report-payloads'
import { Callout } from '#ui/callout'
import { KeyValues } from '#ui/key-values'
import { Section } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { ExactTime, Time } from '#ui/time'
import { ReportChip, ReportDecisions, ReportOutcome } from '../../_parts/report-parts'
import type { LoadedChannel } from '../_parts/load-channel'
import { BreakerCallout } from './breaker-callout'

type Props = { loaded: LoadedChannel; canDecide: boolean }

/** How an application channel stands in Front: connected or not, offline or not, and whether Front knows. */
export async function FrontCard({ loaded, canDecide }: Props) {
  const { channel, now } = loaded
  const side = loaded.targets.find((target) => target.direction === 'report')
  const [report] = await listReports(db(), { subjectId: channel.id, limit: 1 })
  return (
    <Section title="In Front" id="front">
      <div className="flex flex-col gap-4">
        {channel.offlineSince && !channel.archivedAt && <OfflineCallout loaded={loaded} />}
        {channel.disconnectedAt && !channel.archivedAt && (
          <Callout tone="bad" title="Front removed this channel">
            Nothing is sent any more, and its history stays here. Connect the app once more in Front to go on; what
            waits goes out then.
          </Callout>
        )}
        {side?.breakerSince && !channel.archivedAt && <BreakerCallout side={side} now={now} canDecide={canDecide} />}
        <KeyValues
          items={[
            {
              label: 'App',
              value: channel.appId && <TextLink href={`/apps/${channel.appId}`}>{channel.appName}</TextLink>,
            },
            {
              label: channel.disconnectedAt ? 'Disconnected' : 'Connected',
              value: <Moment at={channel.disconnectedAt ?? channel.connectedAt} now={now} />,
            },
            ...(report
              ? [
                  {
                    label: 'Front was last told',
                    value: <LastStatus report={report} now={now} canDecide={canDecide} />,
                  },
                ]
              : []),
          ]}
        />
      </div>
    </Section>
  )
}

function OfflineCallout({ loaded: { channel, waiting, now } }: { loaded: LoadedChannel }) {
  const queue = waiting.find((side) => side.direction === 'outbound')
  return (
    <Callout
      tone="warn"
      title={
        <>
          Offline since {channel.offlineSince && <ExactTime at={channel.offlineSince} />}
          {channel.offlineBy && `, by ${actorWords(channel.offlineBy)}`}
        </>
      }
    >
      <p>{channel.offlineReason}</p>
      <p>
        {queue ? (
          <>
            {queue.count === 1 ? 'One reply is' : `${queue.count} replies are`} kept
            {queue.oldestAt && (
              <>
                , the oldest from <Time at={queue.oldestAt} now={now} />
              </>
            )}
            . They go out in order when the channel is back.
          </>
        ) : (
          'No replies wait. Those that come are kept and go out in order when the channel is back.'
        )}
      </p>
    </Callout>
  )
}

const ACTORS: Record<string, string> = {
  provider: 'the provider',
  rule: 'the rule in Settings',
  front: 'Front',
}

function actorWords(by: string): string {
  return ACTORS[by] ?? by
}

function Moment({ at, now }: { at: Date | null; now: Date }) {
  if (!at) return 'Not yet'
  return (
    <>
      <ExactTime at={at} /> (<Time at={at} now={now} />)
    </>
  )
}

type Told = { report: ListedReport; now: Date; canDecide: boolean }

function LastStatus({ report, now, canDecide }: Told) {
  const read = readReport(report)
  const what = read?.kind === 'status' && read.payload.status === 'offline' ? 'That it is offline' : 'That it works'
  return (
    <div className="flex flex-col items-start gap-1.5">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        {what}
        <ReportChip status={report.status} />
      </p>
      <p className="text-sm text-muted wrap-anywhere">
        <ReportOutcome report={report} now={now} />
      </p>
      {canDecide && <ReportDecisions report={report} />}
    </div>
  )
}
