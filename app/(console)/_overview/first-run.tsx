import { FlaskConical, Plug } from 'lucide-react'
import type { Role } from '#db/schema/users'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'
import { SubmitButton } from '#ui/submit-button'
import { exploreSandboxAction } from '../../sandbox/(desk)/actions'

/** Nothing is connected yet: the two ways in. */
export function FirstRun({ role, sandboxOn }: { role: Role; sandboxOn: boolean }) {
  const mayConnect = atLeastRole(role, 'admin')
  return (
    <>
      <PageHeader title="Overview" />
      <Section>
        <EmptyState
          title="No channel is connected yet"
          action={
            <>
              {mayConnect && (
                <ButtonLink variant="primary" icon={Plug} href="/channels/new">
                  Connect a channel
                </ButtonLink>
              )}
              {sandboxOn && mayConnect && (
                <form action={exploreSandboxAction}>
                  <SubmitButton variant="secondary" pendingLabel="Setting up…">
                    Explore with the sandbox
                  </SubmitButton>
                </form>
              )}
              {sandboxOn && !mayConnect && (
                <ButtonLink icon={FlaskConical} href="/sandbox">
                  Look at the sandbox
                </ButtonLink>
              )}
            </>
          }
        >
          A channel joins a provider, such as a chat widget or an SMS gateway, to Front. Once one is connected, this
          page shows what needs attention.
          {sandboxOn && ' The sandbox lets you see the whole loop without a Front account.'}
          {!mayConnect && ' An admin can connect one.'}
        </EmptyState>
      </Section>
    </>
  )
}
