import type { Metadata } from 'next'
import { channelAddresses, publicUrlWarning } from '#lib/channels/addresses'
import { isUnfinished } from '#lib/channels/channel-status'
import { env } from '#lib/env'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { CopyField } from '#ui/code-block'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { KeyValues } from '#ui/key-values'
import { NotAllowed } from '#ui/not-allowed'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { ChannelHead } from '../../_parts/channel-head'
import { type LoadedChannel, loadChannel } from '../../_parts/load-channel'
import { requireRole } from '../../_parts/require-role'
import { rotateAddressAction, setFrontUrlAction } from '../actions'
import { ApplicationAddresses, ApplicationFrontSection } from './application-sections'

export const metadata: Metadata = { title: 'Connect' }

export default async function ConnectPage({ params }: { params: Promise<{ id: string }> }) {
  const { user, role } = await requireRole('viewer')
  if (!role.admin) return <NotAllowed needs="admin" role={user.role} />
  const loaded = await loadChannel((await params).id)
  const { channel } = loaded
  const publicUrl = env().PUBLIC_URL
  const warning = channel.isSandbox ? null : publicUrlWarning(publicUrl)
  return (
    <>
      <ChannelHead loaded={loaded} tab="connect" role={role} />
      <Stack className="max-w-3xl">
        {channel.archivedAt && <Callout title="This channel is archived">Its addresses no longer answer.</Callout>}
        {warning && (
          <Callout tone="warn" title="Check the address of this installation">
            {warning}
          </Callout>
        )}
        {channel.kind === 'application' ? (
          <ApplicationFrontSection loaded={loaded} publicUrl={publicUrl} />
        ) : (
          <FrontSection loaded={loaded} publicUrl={publicUrl} />
        )}
        <ProviderSection loaded={loaded} publicUrl={publicUrl} />
        {!channel.archivedAt && <NewAddresses loaded={loaded} />}
      </Stack>
    </>
  )
}

type Props = { loaded: LoadedChannel; publicUrl: string }

function FrontSection({ loaded: { channel }, publicUrl }: Props) {
  const { outgoing } = channelAddresses({ publicUrl, channelKey: channel.key })
  const canTell = channel.hasApiToken && !channel.archivedAt && !isUnfinished(channel.frontChannelId)
  return (
    <Section title="In Front" description="Settings, the inbox, Channels, this channel.">
      <div className="flex flex-col gap-5">
        {channel.receiveOnly ? (
          <p className="text-muted">
            Receive-only: leave “Outgoing URL” empty, and choose the reply mode “Cannot reply”.
          </p>
        ) : (
          <CopyField
            label="Outgoing URL"
            text={outgoing}
            hint="Goes into the setting “Outgoing URL”. Front posts every reply there."
          />
        )}
        <KeyValues items={frontSettings(channel)} />
        {!channel.hasApiSecret && (
          <Callout tone="warn" title="Front’s API secret is missing">
            Replies are refused until it is in <TextLink href="/settings">Settings</TextLink>: Front signs them with it.
          </Callout>
        )}
        {!channel.receiveOnly && canTell && (
          <div className="flex flex-col items-start gap-2">
            <ConfirmDialog
              trigger={<Button>Set it in Front for me</Button>}
              title="Tell Front this URL?"
              description="Patchbay writes the Outgoing URL into the channel’s settings through Front’s API. What stood there is replaced, and Front may set the channel’s undo time back to its default."
              confirmLabel="Set the URL"
              pendingLabel="Telling Front…"
              variant="primary"
              action={setFrontUrlAction}
              values={{ channelId: channel.id }}
            />
            <p className="text-sm text-muted">Front never tells which URL it has, so it can only be set anew.</p>
          </div>
        )}
        {!channel.hasApiToken && (
          <Callout tone="warn" title="No API token">
            Without one nothing can be sent to Front. Add it in <TextLink href="/settings">Settings</TextLink>.
          </Callout>
        )}
      </div>
    </Section>
  )
}

const CONTACT_NAMES = { custom: 'Custom', email: 'Email', phone: 'Phone' } as const

function frontSettings(channel: LoadedChannel['channel']) {
  return [
    {
      label: 'Channel contact type',
      value: CONTACT_NAMES[channel.contactType],
      hint: 'Front fixes it when the channel is made. It has to be the same here and there.',
    },
    {
      label: 'Channel reply mode',
      value: channel.receiveOnly ? 'Cannot reply' : 'This channel',
      hint: channel.receiveOnly ? 'Otherwise teammates write replies that nobody gets.' : null,
    },
    {
      label: 'Allow new messages from channel',
      value: channel.receiveOnly ? 'Off' : 'Off, unless you need it',
      hint: 'Front does not tie a customer’s answer to a message that a teammate began: it opens a second conversation.',
    },
    {
      label: 'Undo send',
      value: 'As you like',
      hint: 'Front waits this long before a reply is posted here.',
    },
  ]
}

function ProviderSection({ loaded: { channel }, publicUrl }: Props) {
  const addresses = channelAddresses({ publicUrl, channelKey: channel.key })
  return (
    <Section title="At the provider" description="In place of Front’s own incoming URL: the body stays as it was.">
      <div className="flex flex-col gap-5">
        <CopyField
          label="Incoming URL"
          text={addresses.incoming}
          hint="The provider posts its messages there, with the incoming key."
        />
        <CopyField
          label="Message URL"
          text={`${addresses.messages}<message id>`}
          hint="Answers, with the same key, what became of a message."
        />
        <CopyField
          label="Status URL"
          text={addresses.status}
          hint={
            channel.kind === 'application'
              ? 'The provider tells there that a reply bounced, or that the channel is offline or works again.'
              : 'The provider tells there that a reply bounced, or that it arrived after all.'
          }
        />
        {channel.kind === 'application' && <ApplicationAddresses addresses={addresses} />}
        <p className="text-muted">
          Keys and ready-made snippets are on the <TextLink href={`/channels/${channel.id}/keys`}>Keys</TextLink> tab.
        </p>
      </div>
    </Section>
  )
}

function NewAddresses({ loaded: { channel } }: { loaded: LoadedChannel }) {
  return (
    <Section title="New addresses" description="When an address has become known to somebody who should not have it.">
      <ConfirmDialog
        trigger={<Button>Make new addresses…</Button>}
        title={`New addresses for ${channel.name}?`}
        description={
          channel.kind === 'application'
            ? 'The present ones stop at once, without an overlap. Connect the channel once more in Front, so that Front learns the new one, and give the provider its own.'
            : 'The present ones stop at once, without an overlap. Until the new ones are in Front and at the provider, Front’s replies and the provider’s messages are refused.'
        }
        confirmLabel="Make new addresses"
        pendingLabel="Making them…"
        action={rotateAddressAction}
        values={{ channelId: channel.id }}
      />
    </Section>
  )
}
