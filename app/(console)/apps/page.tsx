import { Archive, Plus } from 'lucide-react'
import type { Metadata } from 'next'
import { Suspense } from 'react'
import { listApps } from '#db/queries/apps'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { firstValues } from '#lib/log-filters'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { RowsSkeleton } from '#ui/skeletons'
import { EmptyState } from '#ui/states'
import { Presets } from '#ui/tabs'
import { ListKeys } from '../_parts/list-keys'
import { AppTable } from './app-table'

export const metadata: Metadata = { title: 'Apps' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function AppsPage({ searchParams }: Props) {
  const user = await requireUser('viewer')
  const archived = firstValues(await searchParams).show === 'archived'
  const canRegister = atLeastRole(user.role, 'admin')
  return (
    <>
      <PageHeader
        title="Apps"
        description="A Front app stands behind application channels: Front asks it about each channel, and it can tell Front more than a custom channel can."
        actions={canRegister && <RegisterLink />}
      />
      <ListKeys />
      <Presets
        label="Which apps"
        tabs={[
          { href: '/apps', label: 'In use', current: !archived },
          { href: '/apps?show=archived', label: 'Archived', current: archived },
        ]}
      />
      <Suspense key={String(archived)} fallback={<RowsSkeleton />}>
        <Section flush>
          <AppList archived={archived} canRegister={canRegister} />
        </Section>
      </Suspense>
    </>
  )
}

async function AppList({ archived, canRegister }: { archived: boolean; canRegister: boolean }) {
  const rows = await listApps(db(), { archived })
  if (rows.length > 0) return <AppTable rows={rows} now={new Date()} />
  if (archived) {
    return (
      <EmptyState title="No archived apps" icon={Archive}>
        An app that is taken out of use comes here.
      </EmptyState>
    )
  }
  return (
    <EmptyState title="No apps yet" action={canRegister && <RegisterLink />}>
      {canRegister
        ? 'Make an app in Front (Settings, Developers, Apps), then register it here. It takes its UID and its secret.'
        : 'An admin can register the first one.'}
    </EmptyState>
  )
}

function RegisterLink() {
  return (
    <ButtonLink href="/apps/new" variant="primary" icon={Plus}>
      Register an app
    </ButtonLink>
  )
}
