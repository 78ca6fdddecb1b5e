import { timeOfId } from '#db/ids'
import { listRequests, type RequestRow } from '#db/queries/request-log'
import { db } from '#lib/database'
import { type RequestFilters, timeSpan, withParams } from '#lib/log-filters'
import { callerOf, requestWords } from '#lib/request-words'
import { Chip } from '#ui/chip'
import { Pagination } from '#ui/pagination'
import { Section } from '#ui/section'
import { EmptyState, FilteredEmpty } from '#ui/states'
import { type Column, RowLink, Table } from '#ui/table'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'

const PAGE_SIZE = 50

/** One page of refused and repeated calls, or why there is none. */
export async function RequestList({ filters }: { filters: RequestFilters }) {
  const now = new Date()
  const { channel: channelId, app: appId, code, before, after } = filters
  const page = await listRequests(db(), { channelId, appId, code, before, after, ...timeSpan(filters, now) }, PAGE_SIZE)
  const [first, last] = [page.rows[0], page.rows.at(-1)]
  if (!first || !last) return <NoRequests filters={filters} />
  return (
    <>
      <Section flush>
        <Table caption="Requests" columns={columns(now)} rows={page.rows} rowKey={(row) => row.id} />
      </Section>
      <Pagination
        label="Pages of requests"
        newerHref={page.hasNewer ? withParams('/requests', filters, { after: first.id }) : null}
        olderHref={page.hasOlder ? withParams('/requests', filters, { before: last.id }) : null}
      >
        {page.hasNewer && <TextLink href={withParams('/requests', filters)}>Back to the newest</TextLink>}
      </Pagination>
    </>
  )
}

function NoRequests({ filters }: { filters: RequestFilters }) {
  const filtered = withParams('/requests', filters) !== '/requests' || filters.before || filters.after
  return (
    <Section>
      {filtered ? (
        <FilteredEmpty what="requests" clearHref="/requests" />
      ) : (
        <EmptyState title="Nothing was refused in the last 30 days">
          When a provider or Front calls a channel with something Patchbay cannot take, the call is kept here with the
          reason.
        </EmptyState>
      )}
    </Section>
  )
}

function columns(now: Date): Column<RequestRow>[] {
  return [
    {
      id: 'why',
      header: 'What happened',
      phone: 'title',
      className: 'md:w-full md:max-w-0',
      cell: (row) => (
        <div>
          <RowLink href={`/requests/${row.id}`}>{requestWords(row.code, callerOf(row)).title}</RowLink>
          <p className="line-clamp-1 text-sm text-muted">{row.message}</p>
        </div>
      ),
    },
    {
      id: 'from',
      header: 'From',
      phone: 'plain',
      className: 'max-md:text-sm',
      cell: (row) => <span className="text-muted">{row.direction === 'inbound' ? 'Provider' : 'Front'}</span>,
    },
    {
      id: 'channel',
      header: 'Channel or app',
      phone: 'plain',
      className: 'max-md:text-sm max-md:min-w-0 max-md:max-w-32',
      cell: (row) => <span className="block max-w-44 truncate text-muted">{row.channelName ?? row.appName}</span>,
    },
    { id: 'answer', header: 'Answer', phone: 'plain', cell: (row) => <Answer status={row.status} /> },
    {
      id: 'time',
      header: 'Time',
      align: 'end',
      className: 'max-md:ml-auto',
      phone: 'plain',
      cell: (row) => (
        <span className="text-sm text-muted">
          <Time at={timeOfId(row.id)} now={now} focusable={false} />
        </span>
      ),
    },
  ]
}

/** The status that the caller got. */
export function Answer({ status }: { status: number }) {
  return <Chip tone={status < 300 ? 'neutral' : status < 500 ? 'warn' : 'bad'}>Status {status}</Chip>
}
