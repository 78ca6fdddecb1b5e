import { ButtonLink } from '#ui/button'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'

export default function ChannelNotFound() {
  return (
    <>
      <PageHeader title="No such channel" breadcrumb={[{ href: '/channels', label: 'Channels' }]} />
      <Section>
        <EmptyState
          title="There is no channel at this address"
          action={<ButtonLink href="/channels">All channels</ButtonLink>}
        >
          The link may be cut short. Archived channels are under “Archived” in the list.
        </EmptyState>
      </Section>
    </>
  )
}
