import { ChevronUp, Paperclip } from 'lucide-react'
import Link from 'next/link'
import type { ConversationRow } from '#db/queries/conversation-page'
import { errorWords } from '#lib/delivery/error-words'
import { type ShownStatus, shownStatus } from '#lib/delivery/status-words'
import { ButtonLink } from '#ui/button'
import { cx } from '#ui/cx'
import { ExactTime, Time } from '#ui/time'
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
      <ol aria-label="Messages, oldest first" className="flex flex-col gap-4">
        {rows.map((row, index) => (
          <li key={row.id}>
            {isNewDay(rows[index - 1], row) && (
              <p className="legend mb-4 text-center">
                <ExactTime at={row.createdAt} />
              </p>
            )}
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

const GAPS: Partial<Record<ShownStatus, string>> = {
  failed: 'border-dashed border-bad',
  unconfirmed: 'border-dashed border-bad',
  discarded: 'border-dashed border-edge opacity-80',
  retrying: 'border-dashed border-warn',
  queued: 'border-dashed border-edge',
  held: 'border-dashed border-hold',
}

function Bubble({ row, now }: { row: ConversationRow; now: Date }) {
  const inbound = row.direction === 'inbound'
  const status = shownStatus({ status: row.status, frontState: row.frontState, held: row.heldSince !== null })
  const name = inbound
    ? (row.contactName ?? row.contactHandle)
    : (row.author?.name ?? row.author?.email ?? 'A rule in Front')
  return (
    <article className={cx('flex flex-col gap-1', inbound ? 'items-start' : 'items-end')}>
      <p className="px-1 text-sm text-muted">
        <span className="font-medium text-ink">{name}</span> · <Time at={row.createdAt} now={now} focusable={false} />
      </p>
      <div
        className={cx(
          'relative max-w-[min(38rem,92%)] min-w-40 rounded-lg border px-3.5 py-2.5',
          inbound ? 'rounded-tl-sm bg-sunken' : 'rounded-tr-sm bg-accent-soft',
          GAPS[status] ?? 'border-transparent',
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
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 px-1 text-sm text-muted">
        <MessageStatus row={row} />
        <Gap row={row} status={status} now={now} />
        <Link href={`/messages/${row.id}`} data-row className="underline underline-offset-3 hover:text-ink">
          Details<span className="sr-only"> of the message by {name}</span>
        </Link>
      </div>
    </article>
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
  return null
}

function isNewDay(previous: ConversationRow | undefined, row: ConversationRow): boolean {
  return !previous || previous.createdAt.toISOString().slice(0, 10) !== row.createdAt.toISOString().slice(0, 10)
}
