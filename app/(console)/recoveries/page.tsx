import type { Metadata } from 'next'
import { listRecoveries, type Recovery } from '#db/queries/recoveries'
import { listChannelNames } from '#db/queries/request-log'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { formatNumber } from '#lib/format'
import { messageFilters } from '#lib/log-filters'
import { filterWords } from '#lib/recovery/words'
import { ButtonLink } from '#ui/button'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'
import { type Column, RowLink, Table } from '#ui/table'
import { Time } from '#ui/time'
import { RefreshWhile } from '../_parts/refresh-while'
import { RecoveryChip } from './recovery-chip'

export const metadata: Metadata = { title: 'Recoveries' }

export default async function RecoveriesPage() {
  await requireUser('viewer')
  const [recoveries, channels] = await Promise.all([listRecoveries(db()), listChannelNames(db())])
  const now = new Date()
  const names = new Map(channels.map(({ id, name }) => [id, name]))
  return (
    <>
      <RefreshWhile active={recoveries.some(({ endedAt }) => endedAt === null)} everyMs={5000} />
      <PageHeader
        breadcrumb={[{ href: '/messages', label: 'Messages' }]}
        title="Recoveries"
        description="Messages that had failed and were sent again all at once, newest first. The list keeps 90 days."
      />
      <Section flush={recoveries.length > 0}>
        {recoveries.length === 0 ? (
          <EmptyState
            title="Nothing has been recovered yet"
            action={<ButtonLink href="/messages?status=failed">Show failed messages</ButtonLink>}
          >
            Filter the messages by “Failed” and choose “Recover all”: they are sent again in order, at a rate of your
            choice, behind whatever is new.
          </EmptyState>
        ) : (
          <Table caption="Recoveries" columns={columns(names, now)} rows={recoveries} rowKey={({ id }) => id} />
        )}
      </Section>
    </>
  )
}

function columns(names: Map<string, string>, now: Date): Column<Recovery>[] {
  return [
    {
      id: 'what',
      header: 'What',
      phone: 'title',
      cell: (recovery) => {
        const filters = messageFilters.parse(recovery.filter)
        return (
          <>
            <RowLink href={`/recoveries/${recovery.id}`}>
              {formatNumber(recovery.total)} {recovery.total === 1 ? 'message' : 'messages'}
            </RowLink>
            <p className="text-sm text-muted">
              {filterWords(filters, names.get(filters.channel ?? '') ?? null).join(', ')}
            </p>
            {recovery.reason && <p className="text-sm text-muted">“{recovery.reason}”</p>}
          </>
        )
      },
    },
    { id: 'status', header: 'Status', phone: 'plain', cell: (recovery) => <RecoveryChip status={recovery.status} /> },
    {
      id: 'delivered',
      header: 'Delivered',
      align: 'end',
      cell: ({ delivered }) => <span className="tabular-nums">{formatNumber(delivered)}</span>,
    },
    {
      id: 'failed',
      header: 'Failed again',
      align: 'end',
      cell: ({ failed }) => <span className="tabular-nums">{formatNumber(failed)}</span>,
    },
    { id: 'by', header: 'By', cell: ({ createdBy }) => <span className="text-sm text-muted">{createdBy}</span> },
    {
      id: 'time',
      header: 'Started',
      align: 'end',
      cell: ({ createdAt }) => (
        <span className="text-sm text-muted">
          <Time at={createdAt} now={now} focusable={false} />
        </span>
      ),
    },
  ]
}
