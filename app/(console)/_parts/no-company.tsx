import { ButtonLink } from '#ui/button'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'

/** Stands where a form would, until there is a Front company for it. */
export function NoCompany({ of }: { of: 'app' | 'channel' }) {
  return (
    <Section>
      <EmptyState
        title="No Front company yet"
        action={
          <ButtonLink href="/settings" variant="primary">
            Open Settings
          </ButtonLink>
        }
      >
        Add the company whose Front account the {of} belongs to, or explore with the sandbox.
      </EmptyState>
    </Section>
  )
}
