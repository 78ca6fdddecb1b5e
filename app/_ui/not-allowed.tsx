import { Lock } from 'lucide-react'
import { ButtonLink } from '#ui/button'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'

type Props = {
  /** The lowest role that may see the page. */
  needs: 'owner' | 'admin' | 'support'
  /** The role of whoever is here. */
  role: string
  /** The layout around it has the h1 already. */
  headed?: boolean
}

const WHO = { owner: 'owners', admin: 'admins and owners', support: 'support staff, admins and owners' } as const

/** Instead of a page that a person's role does not open: why, and whom to ask. */
export function NotAllowed({ needs, role, headed = false }: Props) {
  return (
    <>
      {!headed && <PageHeader title="You may not see this page" />}
      <Section>
        <EmptyState
          icon={Lock}
          title={headed ? 'You may not see this page' : `It is for ${WHO[needs]}`}
          action={<ButtonLink href="/">Go to the overview</ButtonLink>}
        >
          {headed && `It is for ${WHO[needs]}. `}
          Your role is {role}. An owner can change it under Settings, People.
        </EmptyState>
      </Section>
    </>
  )
}
