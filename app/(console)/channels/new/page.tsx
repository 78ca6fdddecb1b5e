import type { Metadata } from 'next'
import { listApps } from '#db/queries/apps'
import { listCompanies } from '#db/queries/companies'
import { requireUser } from '#lib/auth'
import { publicUrlWarning } from '#lib/channels/addresses'
import { phoneCountries } from '#lib/channels/settings'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'
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
        <Section>
          <EmptyState
            title="No Front company yet"
            action={
              <ButtonLink href="/settings" variant="primary">
                Open Settings
              </ButtonLink>
            }
          >
            Add the company whose Front account the channel belongs to, or explore with the sandbox.
          </EmptyState>
        </Section>
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
