import type { Metadata } from 'next'
import { listCompanies } from '#db/queries/companies'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { atLeastRole } from '#lib/roles'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { NoCompany } from '../../_parts/no-company'
import { RegisterForm } from './register-form'

export const metadata: Metadata = { title: 'Register an app' }

export default async function NewAppPage() {
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'admin')) return <NotAllowed needs="admin" role={role} />
  const companies = await listCompanies(db())
  return (
    <>
      <PageHeader
        breadcrumb={[{ href: '/apps', label: 'Apps' }]}
        title="Register an app"
        description="First make the app in Front: Settings, Developers, Apps, Create app, and give it an application channel. It needs a company admin there."
      />
      {companies.length === 0 ? (
        <NoCompany of="app" />
      ) : (
        <RegisterForm companies={companies.map(({ id, name, isSandbox }) => ({ id, name, isSandbox }))} />
      )}
    </>
  )
}
