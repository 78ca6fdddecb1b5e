import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { sandboxDeps } from '../../../_parts/deps'
import { FinishForm } from './finish-form'

export const metadata = { title: 'Connecting' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

const text = z.string().max(4000).catch('')
const search = z.object({ state: text, code: text, error: text, error_description: text })

/**
 * Where a sign-in comes back to. Looking at the page changes nothing, because browsers and Next may fetch it twice: the
 * form on it sends itself, once.
 */
export default async function CallbackPage({ searchParams }: Props) {
  await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'support')) return <NotAllowed needs="support" role={role} />
  const { state, code, error, error_description: more } = search.parse(await searchParams)
  return (
    <>
      <PageHeader title="Connecting a channel" breadcrumb={[{ href: '/sandbox/channels', label: 'Channels' }]} />
      <Section>
        <FinishForm values={{ state, code, error: more || error }} />
      </Section>
    </>
  )
}
