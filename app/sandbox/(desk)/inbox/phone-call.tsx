import { AudioLines, FileText, MessagesSquare, Phone, PhoneIncoming, PhoneOff, PhoneOutgoing } from 'lucide-react'
import type { SandboxPhoneCall, SandboxPhoneEvent } from '#db/queries/sandbox-phone-calls'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { PHONE_STATUS_WORDS } from '#lib/sandbox/phone-words'
import { signedStorageUrl } from '#lib/sandbox/storage'
import { Time } from '#ui/time'
import { Timeline, TimelineItem } from '#ui/timeline'

type Props = {
  call: SandboxPhoneCall
  events: readonly SandboxPhoneEvent[]
  deps: Pick<SandboxDeps, 'publicUrl' | 'keys' | 'now'>
}

const ENDS = ['hangup', 'abandoned', 'missed']

/** A phone call with all that happened in it. */
export function PhoneCallCard({ call, events, deps }: Props) {
  const who = call.partyName ?? call.partyHandle
  const isInbound = call.direction === 'inbound'
  const Icon = isInbound ? PhoneIncoming : PhoneOutgoing
  const label = isInbound ? `Call from ${who}` : `Call to ${who}`
  return (
    <article aria-label={label} className="w-full max-w-[46rem] rounded-lg border border-rule bg-sunken px-4 py-3.5">
      <h3 className="flex items-center gap-2 font-semibold">
        <Icon aria-hidden strokeWidth={1.75} className="size-4 shrink-0 text-hold" />
        <span className="min-w-0 wrap-anywhere">{label}</span>
      </h3>
      <p className="mt-0.5 mb-3 font-mono text-xs break-all text-muted">
        {call.externalId}
        {call.parentExternalId !== call.externalId && ` · from ${call.parentExternalId}`}
      </p>
      <Timeline label={`What happened: ${label}`}>
        {events.map((event) => (
          <PhoneEvent key={event.id} event={event} deps={deps} />
        ))}
      </Timeline>
    </article>
  )
}

function PhoneEvent({ event, deps }: { event: SandboxPhoneEvent; deps: Props['deps'] }) {
  const { content } = event
  const meta = <Time at={event.occurredAt} now={deps.now} focusable={false} />
  switch (content.kind) {
    case 'status': {
      const isEnd = ENDS.includes(content.status)
      const title = PHONE_STATUS_WORDS[content.status]
      return (
        <TimelineItem icon={isEnd ? PhoneOff : Phone} tone={toneOf(content.status)} title={title} meta={meta}>
          {content.agentEmail && <p className="text-sm wrap-anywhere text-muted">{content.agentEmail}</p>}
        </TimelineItem>
      )
    }
    case 'recording':
      return (
        <TimelineItem
          icon={AudioLines}
          title={content.recordingType === 'voicemail' ? 'Voicemail' : 'Recording'}
          meta={meta}
        >
          {/* biome-ignore lint/a11y/useMediaCaption: a phone call has no captions; its transcript is an event of its own */}
          <audio controls preload="none" src={signedStorageUrl(deps, content.fileId)} className="w-full max-w-md">
            {content.filename}
          </audio>
        </TimelineItem>
      )
    case 'summary':
      return (
        <TimelineItem icon={FileText} title="Summary" meta={meta}>
          <p className="whitespace-pre-wrap wrap-anywhere">{content.text}</p>
        </TimelineItem>
      )
    default:
      return (
        <TimelineItem icon={MessagesSquare} title="Transcript" meta={meta}>
          <ol className="flex flex-col gap-1">
            {content.lines.map((line) => (
              <li key={`${line.start_time_seconds} ${line.content}`} className="wrap-anywhere">
                <span className="font-medium">{line.speaker_name}</span>{' '}
                <span className="text-xs text-faint">{clock(line.start_time_seconds)}</span> {line.content}
              </li>
            ))}
          </ol>
        </TimelineItem>
      )
  }
}

function toneOf(status: SandboxPhoneCall['status']) {
  if (status === 'connected') return 'ok'
  return status === 'missed' || status === 'abandoned' ? 'bad' : 'neutral'
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
