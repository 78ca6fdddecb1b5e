import { CircleCheck, KeyRound, Unplug } from 'lucide-react'
import type { listSandboxApps } from '#db/queries/sandbox-apps'
import { CREDENTIAL_FIELDS } from '#lib/sandbox/apps/app-words'
import { NEEDED } from '#lib/sandbox/apps/credentials'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { SANDBOX_INBOXES } from '#lib/sandbox/identity'
import { Chip } from '#ui/chip'
import { CopyLine } from '#ui/code-block'
import { Disclosure } from '#ui/disclosure'
import { KeyValues } from '#ui/key-values'
import { Section } from '#ui/section'
import { AutoReplyForm } from './auto-reply-form'
import { DeleteChannel } from './delete-channel'
import { ReauthorizeForm } from './reauthorize-form'

type Props = { channel: SandboxChannel; app: Awaited<ReturnType<typeof listSandboxApps>>[number] | undefined }

/** A channel of an app: what state it is in, and what an admin can do about it. */
export function AppChannelSection({ channel, app }: Props) {
  const inbox = SANDBOX_INBOXES.find(({ id }) => id === channel.inboxId)
  const isWell = channel.status === 'ok' && channel.webhookUrl !== null
  return (
    <Section
      id={channel.id}
      title={
        <span className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 wrap-anywhere">{channel.name}</span> <ChannelState channel={channel} />
        </span>
      }
      description={
        <span className="font-mono break-all">
          {channel.id} · {inbox?.name} · {channel.address}
        </span>
      }
      actions={<DeleteChannel id={channel.id} name={channel.name} isConnected={channel.webhookUrl !== null} />}
    >
      <div className="flex flex-col gap-4">
        {!isWell && channel.statusReason && <p className="wrap-anywhere text-bad">{channel.statusReason}</p>}
        <KeyValues
          items={[
            { label: 'App', value: app?.name ?? channel.appUid },
            {
              label: 'Webhook URL',
              value: channel.webhookUrl && <CopyLine text={channel.webhookUrl} label="Copy the webhook URL" />,
              hint: 'What the app’s server answered when the channel was connected.',
            },
          ]}
        />
        <AutoReplyForm id={channel.id} autoReplies={channel.autoReplies} />
        <Disclosure summary="Authenticate again" open={!isWell}>
          <Reauthorize channel={channel} app={app} />
        </Disclosure>
      </div>
    </Section>
  )
}

export function ChannelState({ channel }: { channel: Pick<SandboxChannel, 'status' | 'webhookUrl'> }) {
  if (channel.webhookUrl === null) {
    return (
      <Chip tone="warn" icon={KeyRound}>
        Needs authentication
      </Chip>
    )
  }
  return channel.status === 'offline' ? (
    <Chip tone="bad" icon={Unplug}>
      Offline
    </Chip>
  ) : (
    <Chip tone="ok" icon={CircleCheck}>
      Connected
    </Chip>
  )
}

function Reauthorize({ channel, app }: Props) {
  if (!app) return <p className="text-muted">The app of this channel is gone.</p>
  const fields = NEEDED[app.authMethod].flatMap((name) => {
    const field = CREDENTIAL_FIELDS[name]
    return field ? [{ name, ...field }] : []
  })
  const { id, inboxId } = channel
  return (
    <ReauthorizeForm
      channel={{ id, inboxId }}
      app={{ uid: app.uid, signsIn: app.authMethod === 'oauth' }}
      fields={fields}
    />
  )
}
