import { ChevronUp, Paperclip } from 'lucide-react'
import Link from 'next/link'
import type { ConversationRow } from '#db/queries/conversation-page'
import { errorWords } from '#lib/delivery/error-words'
import { type ShownStatus, shownStatus } from '#lib/delivery/status-words'
import { ButtonLink } from '#ui/button'
import { type CordState, LooseCord } from '#ui/cord'
import { cx } from '#ui/cx'
import { DayBreak, Time } from '#ui/time'
import { KindBadge } from '../../_parts/kind-badge'
import { MessageStatus } from '../../_parts/message-status'

type Props = { rows: ConversationRow[]; now: Date; earlierHref: string | null; newestHref: string | null }

/** Both directions as one talk. What has not arrived is marked, so that nobody takes it for said. */
export function Talk({ rows, now, earlierHref, newestHref }: Props) {
  return (
    <div className="flex flex-col gap-4">
      {earlierHref && (
        <div className="flex justify-center">
          <ButtonLink size="sm" icon={ChevronUp} href={earlierHref}>
            Earlier messages
          </ButtonLink>
        </div>
      )}
      <p aria-hidden className="legend flex justify-between">
        <span>Provider</span>
        <span>Front</span>
      </p>
      <ol aria-label="Messages, oldest first" className="flex flex-col gap-5">
        {rows.map((row, index) => (
          <li key={row.id}>
            <DayBreak at={row.createdAt} previous={rows[index - 1]?.createdAt} />
            <Bubble row={row} now={now} />
          </li>
        ))}
      </ol>
      {newestHref && (
        <div className="flex justify-center">
          <ButtonLink size="sm" href={newestHref}>
            Back to the newest messages
          </ButtonLink>
        </div>
      )}
    </div>
  )
}

/** What has not arrived is only outlined, in the colour of its reason. */
const GAPS: Partial<Record<ShownStatus, string>> = {
  failed: 'border-[1.5px] border-dashed border-bad',
  unconfirmed: 'border-[1.5px] border-dashed border-bad',
  discarded: 'border-[1.5px] border-dashed border-edge text-muted',
  retrying: 'border-[1.5px] border-dashed border-warn',
  queued: 'border-[1.5px] border-dashed border-edge',
  held: 'border-[1.5px] border-dashed border-hold',
}

const CORDS: Record<ShownStatus, CordState> = {
  delivered: 'ok',
  queued: 'waiting',
  retrying: 'waiting',
  held: 'held',
  failed: 'broken',
  unconfirmed: 'broken',
  discarded: 'broken',
}

function Bubble({ row, now }: { row: ConversationRow; now: Date }) {
  const inbound = row.direction === 'inbound'
  const status = shownStatus({ status: row.status, frontState: row.frontState, held: row.heldSince !== null })
  const name =
    inbound && row.kind !== 'sent_elsewhere'
      ? (row.contactName ?? row.contactHandle)
      : (row.author?.name ?? row.author?.email ?? (row.kind === 'sent_elsewhere' ? 'The team' : 'A rule in Front'))
  return (
    <article className={cx('flex flex-col gap-1', inbound ? 'items-start' : 'items-end')}>
      <p className="max-w-full px-1 text-sm text-muted wrap-anywhere">
        <span className="font-medium text-ink">{name}</span> · <Time at={row.createdAt} now={now} focusable={false} />
      </p>
      <div className={cx('flex w-full items-center', !inbound && 'flex-row-reverse')}>
        <Words row={row} status={status} />
        <LooseCord state={CORDS[status]} className={inbound ? '' : 'flex-row-reverse'} />
      </div>
      <div
        className={cx(
          'flex flex-wrap items-center gap-x-2 gap-y-1 px-1 text-sm text-muted',
          !inbound && 'justify-end text-right',
        )}
      >
        <KindBadge kind={row.kind} />
        <MessageStatus row={row} />
        <Gap row={row} status={status} now={now} />
        <Link href={`/messages/${row.id}`} data-row className="underline underline-offset-3 hover:text-ink">
          Details<span className="sr-only"> of the message by {name}</span>
        </Link>
      </div>
    </article>
  )
}

function Words({ row, status }: { row: ConversationRow; status: ShownStatus }) {
  const inbound = row.direction === 'inbound'
  return (
    <div
      className={cx(
        'max-w-[min(36rem,82%)] min-w-32 rounded-lg px-3.5 py-2.5',
        inbound ? 'rounded-tl-sm' : 'rounded-tr-sm',
        GAPS[status] ?? (inbound ? 'bg-sunken' : 'bg-accent-soft'),
      )}
    >
      {row.subject && <p className="font-semibold wrap-anywhere">{row.subject}</p>}
      <p className={cx('whitespace-pre-wrap wrap-anywhere', status === 'discarded' && 'line-through')}>
        {row.text || <span className="text-faint italic">no text</span>}
        {row.textChars > row.text.length && '…'}
      </p>
      {row.attachments.map((file) => (
        <p
          key={`${file.fileId ?? file.frontId ?? ''} ${file.filename}`}
          className="mt-1 flex items-center gap-1.5 text-sm text-muted"
        >
          <Paperclip aria-hidden className="size-3.5 shrink-0" />
          <span className="min-w-0 wrap-anywhere">{file.filename}</span>
        </p>
      ))}
    </div>
  )
}

/** Why it is missing on the other side, in a few words. */
function Gap({ row, status, now }: { row: ConversationRow; status: ShownStatus; now: Date }) {
  const who = row.direction === 'inbound' ? 'The teammate does not see it.' : 'The customer did not get it.'
  if (status === 'failed')
    return (
      <span>
        {errorWords(row.lastErrorClass, row.direction).title}. {who}
      </span>
    )
  if (status === 'unconfirmed') return <span>It never appeared in Front.</span>
  if (status === 'discarded')
    return (
      <span>
        By {row.discardedBy}: “{row.discardReason}”
      </span>
    )
  if (status === 'retrying' && row.nextAttemptAt && row.nextAttemptAt > now) {
    return (
      <span>
        Next attempt <Time at={row.nextAttemptAt} now={now} focusable={false} />.
      </span>
    )
  }
  if (row.reportedAt) return <span>It did not reach the customer.</span>
  return null
}
