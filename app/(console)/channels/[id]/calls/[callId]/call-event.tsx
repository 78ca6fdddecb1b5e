import { FileText, type LucideIcon, MessagesSquare, Mic, Phone, PhoneCall, PhoneMissed, PhoneOff } from 'lucide-react'
import type { ListedReport } from '#db/queries/reports'
import { type FrontReport, readReport } from '#lib/delivery/report-payloads'
import { reportWords } from '#lib/delivery/report-words'
import { formatDuration } from '#lib/format'
import { Disclosure } from '#ui/disclosure'
import { TextLink } from '#ui/text-link'
import { ExactTime } from '#ui/time'
import { TimelineItem } from '#ui/timeline'
import { ReportChip, ReportDecisions, ReportOutcome } from '../../../../_parts/report-parts'

type Props = { report: ListedReport; recordingHref: string; now: Date; canDecide: boolean }

/** One thing that happened in a call, what it holds, and whether Front was told. */
export function CallEvent({ report, recordingHref, now, canDecide }: Props) {
  const read = readReport(report)
  return (
    <TimelineItem
      icon={iconOf(read)}
      tone={report.status === 'failed' ? 'bad' : report.status === 'delivered' ? 'accent' : 'neutral'}
      title={reportWords(report).title}
      meta={<ExactTime at={momentOf(read) ?? report.createdAt} />}
    >
      <div className="flex flex-col items-start gap-2">
        {read && <Content read={read} recordingHref={recordingHref} />}
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted wrap-anywhere">
          <ReportChip status={report.status} />
          <span>
            <ReportOutcome report={report} now={now} />
          </span>
        </p>
        {canDecide && <ReportDecisions report={report} />}
      </div>
    </TimelineItem>
  )
}

const ENDS: Record<string, LucideIcon> = { hangup: PhoneOff, abandoned: PhoneMissed, missed: PhoneMissed }

function iconOf(read: FrontReport | null): LucideIcon {
  if (read?.kind === 'call_update') return ENDS[read.payload.update.call_status] ?? PhoneCall
  if (read?.kind === 'call_recording') return Mic
  if (read?.kind === 'call_summary') return FileText
  if (read?.kind === 'call_transcript') return MessagesSquare
  return Phone
}

/** When it happened by the phone system's clock, where it said so. */
function momentOf(read: FrontReport | null): Date | null {
  const ms =
    read?.kind === 'call_update'
      ? read.payload.update.occurred_at
      : read?.kind === 'call_create'
        ? read.payload.call.started_at
        : undefined
  return ms === undefined ? null : new Date(ms)
}

function Content({ read, recordingHref }: { read: FrontReport; recordingHref: string }) {
  if (read.kind === 'call_update' && read.payload.update.agent_email_address) {
    return <p className="text-sm wrap-anywhere">{read.payload.update.agent_email_address}</p>
  }
  if (read.kind === 'call_summary') {
    return <p className="max-w-[75ch] whitespace-pre-line wrap-anywhere">{read.payload.content}</p>
  }
  if (read.kind === 'call_recording') {
    return (
      <div className="flex w-full max-w-md flex-col gap-1.5">
        {/* biome-ignore lint/a11y/useMediaCaption: a call has no captions; its transcript, if any, is beside it */}
        <audio controls preload="none" src={recordingHref} className="w-full" />
        <p className="text-sm">
          <TextLink href={`${recordingHref}?save=yes`}>Save the recording</TextLink>
        </p>
      </div>
    )
  }
  return read.kind === 'call_transcript' ? <Transcript lines={read.payload.lines} /> : null
}

type Line = Extract<FrontReport, { kind: 'call_transcript' }>['payload']['lines'][number]

function Transcript({ lines }: { lines: Line[] }) {
  return (
    <Disclosure summary={lines.length === 1 ? 'One line' : `${lines.length} lines`} open={lines.length <= 8}>
      <ol className="flex max-w-[75ch] flex-col gap-2">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity and never move
          <li key={index} className="wrap-anywhere">
            <span className="text-sm text-muted">
              {formatDuration(line.start_time_seconds * 1000)} · {line.speaker_name}
              {line.speaker_type === 'internal' && ' (team)'}
            </span>
            <br />
            {line.content}
          </li>
        ))}
      </ol>
    </Disclosure>
  )
}
