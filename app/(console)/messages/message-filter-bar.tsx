import { errorWords } from '#lib/delivery/error-words'
import { STATUS_LABELS } from '#lib/delivery/status-words'
import { type MessageFilters, RANGES, withParams } from '#lib/log-filters'
import { FilterBar } from '#ui/filter-bar'
import { SelectField } from '#ui/select-field'
import { TextField } from '#ui/text-field'
import { TextLink } from '#ui/text-link'
import { ExactRange } from '../_parts/exact-range'

export type ChannelChoice = { id: string; name: string; archivedAt: Date | null }

const SEARCH_IN = [
  { value: 'auto', label: 'Anything' },
  { value: 'id', label: 'Ids' },
  { value: 'contact', label: 'Contacts' },
  { value: 'text', label: 'Texts' },
]

const DIRECTIONS = [
  { value: 'inbound', label: 'To Front' },
  { value: 'outbound', label: 'To provider' },
]

const STATUSES = [
  { value: 'attention', label: 'Needs attention' },
  ...Object.entries(STATUS_LABELS).map(([value, label]) => ({ value, label })),
]

export const RANGE_CHOICES = [
  ...Object.entries(RANGES).map(([value, { label }]) => ({ value, label })),
  { value: 'custom', label: 'Exact times…' },
]

/** The state of the list as a form whose answers stand in the URL. A new search starts at the newest. */
export function MessageFilterBar({ filters, channels }: { filters: MessageFilters; channels: ChannelChoice[] }) {
  const filtered = withParams('/messages', filters) !== '/messages'
  // A new key brings in the state of the URL when it changed by another way, such as a view or the back button.
  return (
    <FilterBar
      key={JSON.stringify(filters)}
      action="/messages"
      label="Messages"
      clearHref={filtered ? '/messages' : undefined}
    >
      <TextField
        className="sm:col-span-2!"
        name="q"
        type="search"
        label="Search"
        placeholder="Id, contact or words ( / )"
        defaultValue={filters.q}
        maxLength={200}
      />
      <SelectField name="in" label="Search in" options={SEARCH_IN} defaultValue={filters.in} />
      <SelectField
        name="channel"
        label="Channel"
        placeholder="All channels"
        options={channelChoices(channels)}
        defaultValue={filters.channel ?? ''}
      />
      <SelectField
        name="direction"
        label="Direction"
        placeholder="Both"
        options={DIRECTIONS}
        defaultValue={filters.direction ?? ''}
      />
      <SelectField
        name="status"
        label="Status"
        placeholder="Any"
        options={STATUSES}
        defaultValue={filters.status ?? ''}
      />
      <SelectField name="range" label="Time" options={RANGE_CHOICES} defaultValue={filters.range} />
      {filters.range === 'custom' && <ExactRange from={filters.from} to={filters.to} />}
      {filters.cause && <Cause filters={filters} cause={filters.cause} />}
    </FilterBar>
  )
}

function Cause({ filters, cause }: { filters: MessageFilters; cause: string }) {
  return (
    <p className="self-center text-sm text-muted">
      <input type="hidden" name="cause" value={cause} />
      Only “{errorWords(cause, filters.direction ?? 'inbound').title}”.{' '}
      <TextLink href={withParams('/messages', filters, { cause: null })}>Any cause</TextLink>
    </p>
  )
}

export function channelChoices(channels: ChannelChoice[]) {
  return channels.map(({ id, name, archivedAt }) => ({ value: id, label: archivedAt ? `${name} (archived)` : name }))
}
