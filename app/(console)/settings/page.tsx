import { type ListedCompany, listCompanies } from '#db/queries/companies'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { DEFAULT_FRONT_BASE_URL } from '#lib/forms/people-and-companies'
import { atLeastRole } from '#lib/roles'
import { Callout } from '#ui/callout'
import { Disclosure } from '#ui/disclosure'
import { Section, Stack } from '#ui/section'
import { CompanyFacts } from './company-facts'
import { CompanyForm } from './company-form'

export const metadata = { title: 'Front settings' }

const NEW_COMPANY = {
  id: null,
  name: '',
  frontBaseUrl: DEFAULT_FRONT_BASE_URL,
  hasApiToken: false,
  hasApiSecret: false,
}

export default async function FrontSettingsPage() {
  const user = await requireUser('viewer')
  const companies = await listCompanies(db())
  const mayEdit = atLeastRole(user.role, 'admin')
  const hasReal = companies.some((company) => !company.isSandbox)
  return (
    <Stack>
      {!mayEdit && <Callout>Only admins and owners can change what is here.</Callout>}
      {!hasReal && mayEdit && (
        <Section
          id="connect"
          title="Connect Front"
          description="Patchbay calls Front with this company’s API token and checks Front’s replies with its API secret."
        >
          <CompanyForm company={NEW_COMPANY} />
        </Section>
      )}
      {companies.map((company) => (
        <CompanySection key={company.id} company={company} mayEdit={mayEdit} />
      ))}
      {hasReal && mayEdit && (
        <Disclosure summary="Connect another Front company">
          <Section id="connect" title="Another Front company">
            <CompanyForm company={NEW_COMPANY} />
          </Section>
        </Disclosure>
      )}
    </Stack>
  )
}

function CompanySection({ company, mayEdit }: { company: ListedCompany; mayEdit: boolean }) {
  const { id, name, frontBaseUrl, hasApiToken, hasApiSecret, isSandbox } = company
  return (
    <Section
      id={`company-${id}`}
      title={name}
      description={
        isSandbox ? 'The stand-in for Front inside Patchbay. It looks after its own address and token.' : null
      }
    >
      <CompanyFacts company={company} now={new Date()} />
      {mayEdit && !isSandbox && (
        <div className="mt-5 border-t border-rule pt-5">
          <CompanyForm company={{ id, name, frontBaseUrl, hasApiToken, hasApiSecret }} />
        </div>
      )}
    </Section>
  )
}
