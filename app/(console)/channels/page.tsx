import { Plus } from 'lucide-react'
import type { Metadata } from 'next'
import { Suspense } from 'react'
import { requireUser } from '#lib/auth'
import { firstValues } from '#lib/log-filters'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { RowsSkeleton } from '#ui/skeletons'
import { Presets } from '#ui/tabs'
import { ListKeys } from '../_parts/list-keys'
import { ChannelList } from './channel-list'

export const metadata: Metadata = { title: 'Channels' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function ChannelsPage({ searchParams }: Props) {
  const user = await requireUser('viewer')
  const archived = firstValues(await searchParams).show === 'archived'
  const canConnect = atLeastRole(user.role, 'admin')
  return (
    <>
      <PageHeader
        title="Channels"
        description="Each channel ties one channel in Front to one provider."
        actions={
          canConnect && (
            <ButtonLink href="/channels/new" variant="primary" icon={Plus}>
              Connect a channel
            </ButtonLink>
          )
        }
      />
      <ListKeys />
      <Presets
        label="Which channels"
        tabs={[
          { href: '/channels', label: 'In use', current: !archived },
          { href: '/channels?show=archived', label: 'Archived', current: archived },
        ]}
      />
      <Suspense key={String(archived)} fallback={<RowsSkeleton />}>
        <Section flush>
          <ChannelList archived={archived} canConnect={canConnect} />
        </Section>
      </Suspense>
    </>
  )
}
