import { CircleCheck, CircleHelp, CircleX, type LucideIcon, RotateCw } from 'lucide-react'
import type { AttemptDetails } from '#db/queries/message-details'
import type { LaneDirection } from '#db/schema/targets'
import { attemptAsCurl } from '#lib/delivery/as-curl'
import { FORMAT_WORDS } from '#lib/delivery/earlier-way'
import { errorWords } from '#lib/delivery/error-words'
import { formatBytes, formatDuration } from '#lib/format'
import type { Tone } from '#ui/chip'
import { CopyButton } from '#ui/copy-button'
import { Disclosure } from '#ui/disclosure'
import { Time } from '#ui/time'
import { TimelineItem } from '#ui/timeline'
import { BodyText, HeaderList } from './http-parts'

type Props = { attempt: AttemptDetails; direction: LaneDirection; open: boolean; now: Date }

const LOOKS: Record<AttemptDetails['outcome'], { tone: Tone; icon: LucideIcon; words: string }> = {
  delivered: { tone: 'ok', icon: CircleCheck, words: 'Delivered' },
  retrying: { tone: 'warn', icon: RotateCw, words: 'Did not work; tried again later' },
  failed: { tone: 'bad', icon: CircleX, words: 'Failed; no further attempt' },
  lost: { tone: 'warn', icon: CircleHelp, words: 'Interrupted' },
}

/** Bytes of a body that are kept. */
const KEPT_BYTES = 20_000

export function Attempt({ attempt, direction, open, now }: Props) {
  const { tone, icon, words } = LOOKS[attempt.outcome]
  const cause = attempt.errorClass ? errorWords(attempt.errorClass, direction).title : null
  return (
    <TimelineItem
      tone={tone}
      icon={icon}
      title={`Attempt ${attempt.n}: ${cause ?? words}`}
      meta={
        <>
          {attempt.durationMs !== null && `${formatDuration(attempt.durationMs)} · `}
          <Time at={attempt.startedAt} now={now} />
        </>
      }
    >
      <div className="flex flex-col gap-2">
        <p className="text-sm text-muted wrap-anywhere">
          {[
            cause && `${words}.`,
            !attempt.error && attempt.responseStatus !== null && `Answer: status ${attempt.responseStatus}.`,
            attempt.requestedBy && `Asked for by ${attempt.requestedBy}.`,
            attempt.asWas && 'Sent as an earlier attempt was.',
            attempt.error,
          ]
            .filter(Boolean)
            .join(' ')}
        </p>
        {attempt.url && (
          <Disclosure summary="Request and answer" open={open}>
            <Exchange attempt={attempt} />
          </Disclosure>
        )}
      </div>
    </TimelineItem>
  )
}

function Exchange({ attempt }: { attempt: AttemptDetails }) {
  const curl = attemptAsCurl(attempt)
  const { requestBody, responseBody, responseBytes } = attempt
  const requestCut = requestBody !== null && requestBody.length >= KEPT_BYTES
  const responseCut = responseBody !== null && responseBytes !== null && responseBytes > KEPT_BYTES
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0 font-mono text-sm wrap-anywhere">
          <span className="text-faint">{attempt.method}</span> {attempt.url}
          {attempt.ip && <span className="text-faint"> at {attempt.ip}</span>}
          {attempt.format && <span className="block font-sans text-faint">Format: {FORMAT_WORDS[attempt.format]}</span>}
        </p>
        {curl && <CopyButton text={curl} label="Copy as curl" />}
      </div>
      <HeaderList label="Request headers" headers={attempt.requestHeaders} />
      <BodyText
        label="Request body"
        body={requestBody}
        note={requestCut ? `the first ${formatBytes(KEPT_BYTES)} are kept` : null}
      />
      {attempt.responseStatus === null ? (
        <p className="text-sm text-muted">No answer came.</p>
      ) : (
        <>
          <HeaderList label="Answer headers" headers={attempt.responseHeaders} />
          <BodyText
            label={`Answer body, status ${attempt.responseStatus}`}
            body={responseBody}
            note={responseCut ? `the first ${formatBytes(KEPT_BYTES)} of ${formatBytes(responseBytes)} are kept` : null}
          />
        </>
      )}
    </>
  )
}
