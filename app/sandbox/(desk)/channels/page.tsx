import { Radio } from 'lucide-react'
import { listSandboxChannels } from '#db/queries/sandbox-channels'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { SANDBOX_INBOXES } from '#lib/sandbox/identity'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { EmptyState } from '#ui/states'
import { sandboxDeps } from '../../_parts/deps'
import { ChannelForm } from './channel-form'

export const metadata = { title: 'Channels' }

export default async function SandboxChannelsPage() {
  const { db } = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'support')) return <NotAllowed needs="support" role={role} />
  const channels = await listSandboxChannels(db)
  return (
    <>
      <PageHeader
        title="Channels"
        description="Custom channels as Front’s settings show them. The id is what Patchbay asks for when a channel was made by hand."
      />
      <Stack>
        {channels.length === 0 && (
          <Section flush>
            <EmptyState icon={Radio} title="No channels yet">
              Add one below, or let Patchbay create one when you register a channel.
            </EmptyState>
          </Section>
        )}
        {channels.map((channel) => (
          <ChannelSection key={channel.id} channel={channel} />
        ))}
        <Section
          id="add"
          title="Add a channel"
          description="By hand, as in Settings, Inbox, Channels, Add channel, Custom."
        >
          <ChannelForm inboxes={SANDBOX_INBOXES.map(({ id, name }) => ({ value: id, label: name }))} />
        </Section>
      </Stack>
    </>
  )
}

function ChannelSection({ channel }: { channel: SandboxChannel }) {
  return (
    <Section
      id={channel.id}
      title={channel.name}
      description={
        <span className="font-mono break-all">
          {channel.id} · {SANDBOX_INBOXES.find((inbox) => inbox.id === channel.inboxId)?.name} · {channel.address}
        </span>
      }
    >
      <ChannelForm
        // The form starts anew when the channel changes, here or through the API.
        key={`${channel.name} ${channel.webhookUrl} ${channel.contactType} ${channel.replyMode}`}
        channel={{
          id: channel.id,
          name: channel.name,
          webhookUrl: channel.webhookUrl ?? '',
          contactType: channel.contactType,
          replyMode: channel.replyMode,
        }}
      />
    </Section>
  )
}
