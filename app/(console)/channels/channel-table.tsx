import { FlaskConical } from 'lucide-react'
import type { ChannelView } from '#db/queries/channels'
import type { Target, Waiting } from '#db/queries/targets'
import type { Direction } from '#db/schema/targets'
import { type ChannelHealth, isUnfinished } from '#lib/channels/channel-status'
import { formatNumber, formatRelative } from '#lib/format'
import { ChannelChip } from '#ui/channel-chip'
import { Chip } from '#ui/chip'
import { type Column, RowLink, Table } from '#ui/table'
import { Time } from '#ui/time'

export type ChannelRow = { channel: ChannelView; sides: Target[]; queues: Waiting[]; health: ChannelHealth }

const KINDS = { custom: 'Custom', application: 'Application' } as const

export function ChannelTable({ rows, now }: { rows: ChannelRow[]; now: Date }) {
  return <Table caption="Channels" rows={rows} rowKey={({ channel }) => channel.id} columns={columns(now)} />
}

function columns(now: Date): Column<ChannelRow>[] {
  return [
    { id: 'name', header: 'Channel', phone: 'title', cell: NameCell },
    { id: 'state', header: 'Status', phone: 'plain', cell: StateCell },
    { id: 'inbound', header: 'To Front', cell: (row) => <WaitingCell row={row} direction="inbound" now={now} /> },
    { id: 'outbound', header: 'To provider', cell: (row) => <WaitingCell row={row} direction="outbound" now={now} /> },
    { id: 'delivered', header: 'Last delivered', cell: (row) => <Newest row={row} of="lastDeliveredAt" now={now} /> },
    { id: 'failed', header: 'Last error', cell: (row) => <Newest row={row} of="lastFailedAt" now={now} /> },
  ]
}

function NameCell({ channel }: ChannelRow) {
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <RowLink href={`/channels/${channel.id}`}>{channel.name}</RowLink>
        {channel.isSandbox && (
          <Chip tone="accent" icon={FlaskConical}>
            Sandbox
          </Chip>
        )}
      </span>
      <span className="block text-sm font-normal text-muted">
        {KINDS[channel.kind]} · {channel.companyName}
        {!isUnfinished(channel.frontChannelId) && (
          <>
            {' · '}
            <span className="font-mono text-xs">{channel.frontChannelId}</span>
          </>
        )}
      </span>
    </>
  )
}

function StateCell({ health }: ChannelRow) {
  const quiet = health.state === 'receiving' || health.state === 'receive_only'
  return (
    <>
      <ChannelChip state={health.state} />
      {!quiet && <span className="mt-1 line-clamp-2 max-w-72 text-sm text-muted">{health.why}</span>}
    </>
  )
}

function WaitingCell({ row, direction, now }: { row: ChannelRow; direction: Direction; now: Date }) {
  if (direction === 'outbound' && row.channel.receiveOnly) return <span className="text-faint">None</span>
  const queue = row.queues.find((each) => each.direction === direction)
  if (!queue) return <span className="text-faint">0 waiting</span>
  return (
    <>
      <span className="whitespace-nowrap">{formatNumber(queue.count)} waiting</span>
      {queue.oldestAt && <span className="block text-sm text-muted">oldest {formatRelative(queue.oldestAt, now)}</span>}
    </>
  )
}

function Newest({ row, of, now }: { row: ChannelRow; of: 'lastDeliveredAt' | 'lastFailedAt'; now: Date }) {
  const times = row.sides.flatMap((side) => side[of] ?? [])
  if (times.length === 0) return <span className="text-faint">Never</span>
  return <Time at={new Date(Math.max(...times.map(Number)))} now={now} focusable={false} />
}
