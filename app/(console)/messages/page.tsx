import type { Metadata } from 'next'
import { Suspense } from 'react'
import { listOpenRecoveryIds } from '#db/queries/recoveries'
import { listChannelNames } from '#db/queries/request-log'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { firstValues, type MessageFilters, messageFilters, withParams } from '#lib/log-filters'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { PageHeader } from '#ui/page-header'
import { RowsSkeleton } from '#ui/skeletons'
import { Presets } from '#ui/tabs'
import { ListKeys } from '../_parts/list-keys'
import { MessageFilterBar } from './message-filter-bar'
import { MessageList } from './message-list'

export const metadata: Metadata = { title: 'Messages' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function MessagesPage({ searchParams }: Props) {
  const user = await requireUser('viewer')
  const filters = messageFilters.parse(firstValues(await searchParams))
  const [channels, open] = await Promise.all([listChannelNames(db()), listOpenRecoveryIds(db())])
  return (
    <>
      <PageHeader
        title="Messages"
        description="Everything that crossed, in both directions, newest first."
        actions={
          <ButtonLink variant="quiet" href="/recoveries">
            {open.length === 0 ? 'Recoveries' : `Recoveries: ${open.length} under way`}
          </ButtonLink>
        }
      />
      <ListKeys />
      <Presets label="Views" tabs={views(filters)} />
      <MessageFilterBar filters={filters} channels={channels} />
      <div className="mt-5">
        <Suspense key={JSON.stringify(filters)} fallback={<RowsSkeleton />}>
          <MessageList filters={filters} canDecide={atLeastRole(user.role, 'support')} />
        </Suspense>
      </div>
    </>
  )
}

const VIEWS: [string, MessageFilters['status'] | null][] = [
  ['All', null],
  ['Needs attention', 'attention'],
  ['Failed', 'failed'],
  ['Retrying', 'retrying'],
  ['Held', 'held'],
  ['Not confirmed', 'unconfirmed'],
]

/** The views that people ask for most; they keep whatever else is set. */
function views(filters: MessageFilters) {
  return VIEWS.map(([label, status]) => ({
    label,
    href: withParams('/messages', filters, { status: status ?? null, cause: null }),
    current: (filters.status ?? null) === status,
  }))
}
