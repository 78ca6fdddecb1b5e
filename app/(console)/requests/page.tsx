import type { Metadata } from 'next'
import { Suspense } from 'react'
import { listAppNames, listChannelNames } from '#db/queries/request-log'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { firstValues, type RequestFilters, requestFilters, withParams } from '#lib/log-filters'
import { REQUEST_CODES, requestWords } from '#lib/request-words'
import { FilterBar } from '#ui/filter-bar'
import { PageHeader } from '#ui/page-header'
import { SelectField } from '#ui/select-field'
import { RowsSkeleton } from '#ui/skeletons'
import { ExactRange } from '../_parts/exact-range'
import { ListKeys } from '../_parts/list-keys'
import { type ChannelChoice, channelChoices, RANGE_CHOICES } from '../messages/message-filter-bar'
import { RequestList } from './request-list'

export const metadata: Metadata = { title: 'Requests' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function RequestsPage({ searchParams }: Props) {
  await requireUser('viewer')
  const filters = requestFilters.parse(firstValues(await searchParams))
  const [channels, apps] = await Promise.all([listChannelNames(db()), listAppNames(db())])
  return (
    <>
      <PageHeader
        title="Requests"
        description="Calls that hit a channel or an app and did not become a message: refused, with the reason, or repeated. What was taken in is under Messages."
      />
      <ListKeys />
      <RequestFilterBar filters={filters} channels={channels} apps={apps} />
      <div className="mt-5">
        <Suspense key={JSON.stringify(filters)} fallback={<RowsSkeleton />}>
          <RequestList filters={filters} />
        </Suspense>
      </div>
    </>
  )
}

type BarProps = { filters: RequestFilters; channels: ChannelChoice[]; apps: ChannelChoice[] }

function RequestFilterBar({ filters, channels, apps }: BarProps) {
  const filtered = withParams('/requests', filters) !== '/requests'
  return (
    <FilterBar
      key={JSON.stringify(filters)}
      action="/requests"
      label="Requests"
      clearHref={filtered ? '/requests' : undefined}
    >
      <SelectField
        name="channel"
        label="Channel"
        placeholder="All channels"
        options={channelChoices(channels)}
        defaultValue={filters.channel ?? ''}
      />
      {apps.length > 0 && (
        <SelectField
          name="app"
          label="App"
          placeholder="All apps"
          options={channelChoices(apps)}
          defaultValue={filters.app ?? ''}
        />
      )}
      <SelectField name="code" label="Reason" placeholder="Any" options={CODES} defaultValue={filters.code ?? ''} />
      <SelectField name="range" label="Time" options={RANGE_CHOICES} defaultValue={filters.range} />
      {filters.app && <input type="hidden" name="app" value={filters.app} />}
      {filters.range === 'custom' && <ExactRange from={filters.from} to={filters.to} />}
    </FilterBar>
  )
}

const CODES = REQUEST_CODES.map((code) => ({ value: code, label: requestWords(code, 'inbound').title }))
