import { findMessageIds } from '#db/queries/message-log'
import { hasMessages, listMessageRows } from '#db/queries/message-rows'
import { db } from '#lib/database'
import { type MessageFilters, toLogFilter, withParams } from '#lib/log-filters'
import { ButtonLink } from '#ui/button'
import { Pagination } from '#ui/pagination'
import { Section } from '#ui/section'
import { EmptyState, FilteredEmpty } from '#ui/states'
import { TextLink } from '#ui/text-link'
import { MessageTable } from './message-table'
import { RecoverBar } from './recover-bar'
import { SearchScope } from './search-scope'

const PAGE_SIZE = 50

/** One page of the log, or why there is none. */
export async function MessageList({ filters, canDecide }: { filters: MessageFilters; canDecide: boolean }) {
  const now = new Date()
  const page = await findMessageIds(db(), toLogFilter(filters, now), PAGE_SIZE)
  const rows = await listMessageRows(db(), page.ids)
  if (rows.length === 0) return <NoMessages filters={filters} />
  const [first, last] = [page.ids[0], page.ids.at(-1)]
  return (
    <>
      <Section flush>
        {filters.q && <SearchScope filters={filters} foundById={page.foundById} />}
        {canDecide && <RecoverBar filters={filters} now={now} />}
        <MessageTable rows={rows} now={now} />
      </Section>
      <Pagination
        label="Pages of messages"
        newerHref={page.hasNewer && first ? withParams('/messages', filters, { after: first }) : null}
        olderHref={page.hasOlder && last ? withParams('/messages', filters, { before: last }) : null}
      >
        {page.hasNewer && <TextLink href={withParams('/messages', filters)}>Back to the newest</TextLink>}
      </Pagination>
    </>
  )
}

async function NoMessages({ filters }: { filters: MessageFilters }) {
  if (!(await hasMessages(db()))) {
    return (
      <Section>
        <EmptyState
          title="No messages yet"
          action={
            <ButtonLink variant="primary" href="/channels">
              Go to channels
            </ButtonLink>
          }
        >
          As soon as a provider writes or a teammate replies, the message is here, with everything that happened to it.
        </EmptyState>
      </Section>
    )
  }
  return (
    <Section flush>
      {filters.q && <SearchScope filters={filters} foundById={false} />}
      <FilteredEmpty what="messages" clearHref="/messages">
        {filters.before || filters.after ? (
          'There is nothing further in this direction.'
        ) : filters.range === 'custom' ? (
          'Try a wider time range, or fewer filters.'
        ) : (
          <>The list covers the {RANGE_WORDS[filters.range]}. Try a wider time range, or fewer filters.</>
        )}
      </FilteredEmpty>
    </Section>
  )
}

const RANGE_WORDS = { '1h': 'last hour', '24h': 'last 24 hours', '7d': 'last 7 days', '30d': 'last 30 days' }
