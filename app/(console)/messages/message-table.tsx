import { Paperclip } from 'lucide-react'
import Link from 'next/link'
import type { MessageRow } from '#db/queries/message-rows'
import { errorWords } from '#lib/delivery/error-words'
import { Chip } from '#ui/chip'
import { DirectionBadge } from '#ui/direction-badge'
import { type Column, RowLink, Table } from '#ui/table'
import { Time } from '#ui/time'
import { KindBadge } from '../_parts/kind-badge'
import { MessageStatus } from '../_parts/message-status'

/** Rows of the log. The whole row leads to the message. */
export function MessageTable({ rows, now }: { rows: MessageRow[]; now: Date }) {
  return <Table caption="Messages" columns={columns(now)} rows={rows} rowKey={(row) => row.id} />
}

function columns(now: Date): Column<MessageRow>[] {
  return [
    {
      id: 'direction',
      header: 'Direction',
      phone: 'plain',
      cell: (row) => <DirectionBadge direction={row.direction} />,
    },
    {
      id: 'message',
      header: 'Message',
      phone: 'title',
      className: 'md:w-full md:max-w-0',
      cell: (row) => <Summary row={row} />,
    },
    {
      id: 'channel',
      header: 'Channel',
      phone: 'plain',
      className: 'max-md:text-sm max-md:min-w-0 max-md:flex-1',
      cell: (row) => (
        <Link
          href={`/channels/${row.channelId}`}
          className="relative z-1 block max-w-44 truncate text-muted underline-offset-3 hover:text-ink hover:underline"
          title={row.channelName}
        >
          {row.channelName}
        </Link>
      ),
    },
    {
      id: 'status',
      header: 'Status',
      phone: 'plain',
      className: 'max-md:order-last max-md:w-full',
      cell: (row) => <Status row={row} now={now} />,
    },
    {
      id: 'time',
      header: 'Time',
      align: 'end',
      phone: 'plain',
      cell: (row) => (
        <span className="text-sm text-muted">
          <Time at={row.createdAt} now={now} focusable={false} />
        </span>
      ),
    },
  ]
}

function Summary({ row }: { row: MessageRow }) {
  const text = [row.subject, row.preview].filter(Boolean).join(': ')
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <RowLink href={`/messages/${row.id}`}>{row.contactName ?? row.contactHandle}</RowLink>
        {row.contactName && <span className="truncate font-mono text-xs text-faint">{row.contactHandle}</span>}
        <KindBadge kind={row.kind} />
        {row.isTest && <Chip>Test</Chip>}
      </div>
      <p className="line-clamp-1 text-muted">
        {(row.direction === 'outbound' || row.kind === 'sent_elsewhere') && row.author?.name && (
          <span className="text-faint">{row.author.name}: </span>
        )}
        {text || <span className="text-faint italic">no text</span>}
        {row.attachments > 0 && (
          <span className="ml-2 inline-flex items-center gap-0.5 text-xs text-faint">
            <Paperclip aria-hidden className="size-3" />
            {row.attachments}
            <span className="sr-only"> files</span>
          </span>
        )}
      </p>
    </div>
  )
}

function Status({ row, now }: { row: MessageRow; now: Date }) {
  const cause =
    row.status === 'failed' || row.status === 'retrying' ? errorWords(row.lastErrorClass, row.direction).title : null
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5 md:flex-col md:items-start">
      <MessageStatus row={row} />
      {row.status === 'retrying' && !row.heldSince && row.nextAttemptAt && row.nextAttemptAt > now ? (
        <span className="text-xs text-muted">
          next attempt <Time at={row.nextAttemptAt} now={now} focusable={false} />
        </span>
      ) : (
        cause && <span className="text-xs text-muted">{cause}</span>
      )}
    </div>
  )
}
