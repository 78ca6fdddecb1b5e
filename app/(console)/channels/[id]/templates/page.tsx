import { Plus } from 'lucide-react'
import type { Metadata } from 'next'
import { z } from 'zod'
import { type LastReport, listLastReports, listTemplates, type MessageTemplate } from '#db/queries/templates'
import { db } from '#lib/database'
import { firstValues } from '#lib/log-filters'
import { ButtonLink } from '#ui/button'
import { Chip } from '#ui/chip'
import { Pagination } from '#ui/pagination'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'
import { type Column, RowLink, Table } from '#ui/table'
import { Time } from '#ui/time'
import { ReportChip } from '../../../_parts/report-parts'
import { ChannelHead } from '../../_parts/channel-head'
import { loadApplicationChannel } from '../../_parts/load-channel'
import { requireRole } from '../../_parts/require-role'
import { APPROVALS } from './approvals'

export const metadata: Metadata = { title: 'Templates' }

const PAGE_SIZE = 50
const place = z.object({ after: z.string().max(200).catch('').default('') })

type Row = { template: MessageTemplate; last: LastReport | undefined }
type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function TemplatesPage({ params, searchParams }: Props) {
  const { role } = await requireRole('viewer')
  const loaded = await loadApplicationChannel((await params).id)
  const { channel, now } = loaded
  const { after } = place.parse(firstValues(await searchParams))
  const { rows, nextAfter } = await readRows(channel.id, after)
  const path = `/channels/${channel.id}/templates`
  const canAdd = role.admin && !channel.archivedAt
  const add = (
    <ButtonLink href={`${path}/new`} icon={Plus} variant={rows.length === 0 ? 'primary' : 'secondary'}>
      Add a template
    </ButtonLink>
  )
  return (
    <>
      <ChannelHead loaded={loaded} tab="templates" role={role} />
      <Section
        flush
        title="Message templates"
        description="What teammates may send in Front before a customer has written, where the provider asks for approved texts."
        actions={canAdd && rows.length > 0 && add}
      >
        {rows.length > 0 ? (
          <Table
            caption="Message templates"
            rows={rows}
            rowKey={({ template }) => template.id}
            columns={columns(path, now)}
          />
        ) : (
          <EmptyState title={after ? 'No more templates' : 'No templates yet'} action={canAdd && !after && add}>
            {after ? 'This was the last page.' : 'The provider can bring them too: its address is on the Connect tab.'}
          </EmptyState>
        )}
      </Section>
      <Pagination
        label="Pages of templates"
        newerHref={after ? path : null}
        olderHref={nextAfter === null ? null : `${path}?after=${encodeURIComponent(nextAfter)}`}
      />
    </>
  )
}

async function readRows(channelId: string, after: string): Promise<{ rows: Row[]; nextAfter: string | null }> {
  const found = await listTemplates(db(), { channelId, after, limit: PAGE_SIZE + 1 })
  const shown = found.slice(0, PAGE_SIZE)
  const reports = await listLastReports(
    db(),
    shown.map(({ id }) => id),
  )
  const rows = shown.map((template) => ({ template, last: reports.get(template.id) }))
  return { rows, nextAfter: found.length > PAGE_SIZE ? (shown.at(-1)?.externalId ?? null) : null }
}

function columns(path: string, now: Date): Column<Row>[] {
  return [
    {
      id: 'name',
      header: 'Template',
      phone: 'title',
      className: 'md:w-full md:max-w-0',
      cell: ({ template }) => (
        <div className="min-w-0">
          <span className="flex flex-wrap items-center gap-2">
            <RowLink href={`${path}/${template.id}`}>{template.name}</RowLink>
            {template.isDisabled && <Chip>Off</Chip>}
          </span>
          <p className="line-clamp-1 text-sm font-normal text-muted">{template.blurb || template.externalId}</p>
        </div>
      ),
    },
    {
      id: 'approval',
      header: 'Approval',
      phone: 'plain',
      cell: ({ template }) => {
        const { label, tone } = APPROVALS[template.statusName]
        return <Chip tone={tone}>{label}</Chip>
      },
    },
    {
      id: 'front',
      header: 'At Front',
      phone: 'plain',
      cell: ({ last }) => (last ? <ReportChip status={last.status} /> : <span className="text-faint">Not told</span>),
    },
    {
      id: 'changed',
      header: 'Changed',
      align: 'end',
      phone: 'plain',
      cell: ({ template }) => (
        <span className="text-sm text-muted">
          <Time at={template.updatedAt} now={now} focusable={false} />
        </span>
      ),
    },
  ]
}
