import type { Metadata } from 'next'
import { NotAllowed } from '#ui/not-allowed'
import { Section } from '#ui/section'
import { requireRole } from '../../../channels/_parts/require-role'
import { AppHead } from '../../_parts/app-head'
import { loadApp } from '../../_parts/load-app'
import { TestForm } from './test-form'

export const metadata: Metadata = { title: 'Test a signature' }

export default async function TestSignaturePage({ params }: { params: Promise<{ id: string }> }) {
  const { user, role } = await requireRole('viewer')
  if (!role.admin) return <NotAllowed needs="admin" role={user.role} />
  const loaded = await loadApp((await params).id)
  return (
    <>
      <AppHead loaded={loaded} tab="test" isAdmin />
      <Section
        title="Test a signature"
        description="Paste a call as it came from Front, from the log of a proxy or a tunnel before Patchbay (here, signatures are masked before a request is kept). It tells which of Front’s signatures the call carries and which secret made it. Nothing is stored."
        className="max-w-3xl"
      >
        <TestForm appId={loaded.app.id} />
      </Section>
    </>
  )
}
