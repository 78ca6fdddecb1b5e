import { PhoneIncoming, PhoneOutgoing } from 'lucide-react'
import type { Metadata } from 'next'
import { z } from 'zod'
import { listCalls, type PhoneCall } from '#db/queries/calls'
import { type LastReport, listLastReports } from '#db/queries/templates'
import { db } from '#lib/database'
import { callStatusWords } from '#lib/delivery/report-words'
import { firstValues } from '#lib/log-filters'
import { Pagination } from '#ui/pagination'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'
import { type Column, RowLink, Table } from '#ui/table'
import { Time } from '#ui/time'
import { ReportChip } from '../../../_parts/report-parts'
import { ChannelHead } from '../../_parts/channel-head'
import { loadApplicationChannel } from '../../_parts/load-channel'
import { requireRole } from '../../_parts/require-role'

export const metadata: Metadata = { title: 'Calls' }

const PAGE_SIZE = 50
const place = z.object({
  before: z.uuid().optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})

type Row = { call: PhoneCall; last: LastReport | undefined }
type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function CallsPage({ params, searchParams }: Props) {
  const { role } = await requireRole('viewer')
  const loaded = await loadApplicationChannel((await params).id)
  const { channel, now } = loaded
  const page = await listCalls(
    db(),
    { channelId: channel.id, ...place.parse(firstValues(await searchParams)) },
    PAGE_SIZE,
  )
  const reports = await listLastReports(
    db(),
    page.rows.map(({ id }) => id),
  )
  const rows = page.rows.map((call) => ({ call, last: reports.get(call.id) }))
  const path = `/channels/${channel.id}/calls`
  return (
    <>
      <ChannelHead loaded={loaded} tab="calls" role={role} />
      <Section flush title="Phone calls" description="As a phone system tells them, newest first.">
        {rows.length > 0 ? (
          <Table caption="Phone calls" rows={rows} rowKey={({ call }) => call.id} columns={columns(path, now)} />
        ) : (
          <EmptyState title="No calls yet">
            A phone system posts them to the Calls URL, which is on the Connect tab. Front shows them in the
            conversation of the caller.
          </EmptyState>
        )}
      </Section>
      <Pagination
        label="Pages of calls"
        newerHref={page.hasNewer && page.rows[0] ? `${path}?after=${page.rows[0].id}` : null}
        olderHref={page.hasOlder ? `${path}?before=${page.rows.at(-1)?.id}` : null}
      />
    </>
  )
}

function columns(path: string, now: Date): Column<Row>[] {
  return [
    {
      id: 'party',
      header: 'Call',
      phone: 'title',
      className: 'md:w-full md:max-w-0',
      cell: ({ call }) => (
        <div className="min-w-0">
          <RowLink href={`${path}/${call.id}`}>{call.partyName ?? call.partyHandle}</RowLink>
          <span className="block text-sm font-normal text-muted">
            <Way call={call} />
            {call.partyName && <span className="ml-2 font-mono text-xs">{call.partyHandle}</span>}
          </span>
        </div>
      ),
    },
    { id: 'status', header: 'Status', phone: 'plain', cell: ({ call }) => callStatusWords(call.status) },
    {
      id: 'agent',
      header: 'Teammate',
      cell: ({ call }) => call.agentEmail ?? <span className="text-faint">–</span>,
    },
    {
      id: 'front',
      header: 'At Front',
      phone: 'plain',
      cell: ({ last }) => (last ? <ReportChip status={last.status} /> : <span className="text-faint">Not kept</span>),
    },
    {
      id: 'time',
      header: 'Began',
      align: 'end',
      phone: 'plain',
      cell: ({ call }) => (
        <span className="text-sm text-muted">
          <Time
            at={call.startedAtMs === null ? call.createdAt : new Date(call.startedAtMs)}
            now={now}
            focusable={false}
          />
        </span>
      ),
    },
  ]
}

function Way({ call: { direction } }: { call: PhoneCall }) {
  const incoming = direction === 'inbound'
  const Icon = incoming ? PhoneIncoming : PhoneOutgoing
  return (
    <span className="inline-flex items-center gap-1.5">
      <Icon aria-hidden className="size-3.5" />
      {incoming ? 'Came in' : 'Went out'}
    </span>
  )
}
