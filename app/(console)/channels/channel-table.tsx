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
    { id: 'delivered', header: 'Last delivered', cell: (row) => <Newest row={row} now={now} /> },
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
      <ChannelChip state={health.state} label={health.label} />
      {!quiet && (
        <span className="mt-1 line-clamp-2 max-w-72 text-sm md:w-56 whitespace-normal text-muted">{health.why}</span>
      )}
    </>
  )
}

function WaitingCell({ row, direction, now }: { row: ChannelRow; direction: Direction; now: Date }) {
  if (direction === 'outbound' && row.channel.receiveOnly) return <span className="text-faint">Receive-only</span>
  const queue = row.queues.find((each) => each.direction === direction)
  if (!queue) return <span className="text-faint">None waiting</span>
  return (
    <>
      {formatNumber(queue.count)} waiting
      {queue.oldestAt && <span className="block text-sm text-muted">oldest {formatRelative(queue.oldestAt, now)}</span>}
    </>
  )
}

function Newest({ row, now }: { row: ChannelRow; now: Date }) {
  const delivered = newest(row.sides, 'lastDeliveredAt')
  const failed = newest(row.sides, 'lastFailedAt')
  return (
    <>
      {delivered ? (
        <Time at={delivered} now={now} focusable={false} />
      ) : (
        <span className="text-faint">Nothing yet</span>
      )}
      {failed && (!delivered || failed > delivered) && (
        <span className="block text-sm text-muted">
          error <Time at={failed} now={now} focusable={false} />
        </span>
      )}
    </>
  )
}

function newest(sides: Target[], of: 'lastDeliveredAt' | 'lastFailedAt'): Date | null {
  const times = sides.flatMap((side) => side[of] ?? [])
  return times.length === 0 ? null : new Date(Math.max(...times.map(Number)))
}
