import { ButtonLink } from '#ui/button'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'

export default function AppNotFound() {
  return (
    <>
      <PageHeader title="No such app" breadcrumb={[{ href: '/apps', label: 'Apps' }]} />
      <Section>
        <EmptyState title="There is no app at this address" action={<ButtonLink href="/apps">All apps</ButtonLink>}>
          The link may be cut short. Archived apps are under “Archived” in the list.
        </EmptyState>
      </Section>
    </>
  )
}
