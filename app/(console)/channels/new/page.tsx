import type { Metadata } from 'next'
import { listApps } from '#db/queries/apps'
import { listCompanies } from '#db/queries/companies'
import { requireUser } from '#lib/auth'
import { publicUrlWarning } from '#lib/channels/addresses'
import { phoneCountries } from '#lib/channels/settings'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { atLeastRole } from '#lib/roles'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { NoCompany } from '../../_parts/no-company'
import { Wizard } from './wizard'

export const metadata: Metadata = { title: 'Connect a channel' }

export default async function NewChannelPage() {
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'admin')) return <NotAllowed needs="admin" role={role} />
  const [companies, apps] = await Promise.all([listCompanies(db()), listApps(db())])
  return (
    <>
      <PageHeader
        breadcrumb={[{ href: '/channels', label: 'Channels' }]}
        title="Connect a channel"
        description="Tie a channel in Front to a provider. Everything here can be changed later, except what Front itself fixes."
      />
      {companies.length === 0 ? (
        <NoCompany of="channel" />
      ) : (
        <Wizard
          companies={companies.map(({ id, name, isSandbox, hasApiToken, hasApiSecret }) => ({
            id,
            name,
            isSandbox,
            hasApiToken,
            hasApiSecret,
          }))}
          apps={apps.map(({ id, name, companyId, authMethod }) => ({ id, name, companyId, authMethod }))}
          countries={phoneCountries()}
          addressWarning={publicUrlWarning(env().PUBLIC_URL)}
        />
      )}
    </>
  )
}
