import { Plug, Radio } from 'lucide-react'
import { z } from 'zod'
import { listSandboxApps } from '#db/queries/sandbox-apps'
import { listSandboxChannels } from '#db/queries/sandbox-channels'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { SANDBOX_INBOXES } from '#lib/sandbox/identity'
import { ButtonLink } from '#ui/button'
import { Callout } from '#ui/callout'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { EmptyState } from '#ui/states'
import { sandboxDeps } from '../../_parts/deps'
import { AppChannelSection } from './app-channel-section'
import { ChannelForm } from './channel-form'

export const metadata = { title: 'Channels' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

const search = z.object({ connected: z.string().max(60).optional().catch(undefined) })

export default async function SandboxChannelsPage({ searchParams }: Props) {
  const { db } = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'support')) return <NotAllowed needs="support" role={role} />
  const { connected } = search.parse(await searchParams)
  const [channels, apps] = await Promise.all([listSandboxChannels(db), listSandboxApps(db)])
  const fresh = channels.find((channel) => channel.id === connected)
  return (
    <>
      <PageHeader
        title="Channels"
        description="Channels as Front’s settings show them. The id is what Patchbay asks for when a custom channel was made by hand."
        actions={
          <ButtonLink href="/sandbox/connect" icon={Plug}>
            Connect an application channel
          </ButtonLink>
        }
      />
      <Stack>
        {fresh && (
          <Callout tone="ok" title={`${fresh.name} is connected`}>
            Messages cross it now. Patchbay shows the channel, too.
          </Callout>
        )}
        {channels.length === 0 && (
          <Section flush>
            <EmptyState icon={Radio} title="No channels yet">
              Add one below, or let Patchbay create one when you register a channel.
            </EmptyState>
          </Section>
        )}
        {channels.map((channel) =>
          channel.appUid === null ? (
            <ChannelSection key={channel.id} channel={channel} />
          ) : (
            <AppChannelSection
              key={channel.id}
              channel={channel}
              app={apps.find((app) => app.uid === channel.appUid)}
            />
          ),
        )}
        <Section
          id="add"
          title="Add a custom channel"
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
