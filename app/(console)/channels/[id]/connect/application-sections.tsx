import { applicationWebhookUrl, type channelAddresses } from '#lib/channels/addresses'
import { isUnfinished } from '#lib/channels/channel-status'
import { CopyField } from '#ui/code-block'
import { KeyValues } from '#ui/key-values'
import { Section } from '#ui/section'
import { TextLink } from '#ui/text-link'
import type { LoadedChannel } from '../../_parts/load-channel'

/** What Front has of an application channel: nothing to paste, because Front is told when it connects. */
export function ApplicationFrontSection({
  loaded: { channel },
  publicUrl,
}: {
  loaded: LoadedChannel
  publicUrl: string
}) {
  const isWaiting = isUnfinished(channel.frontChannelId)
  return (
    <Section
      title="In Front"
      description={
        isWaiting
          ? 'Front has not connected this channel yet. The steps are on its overview.'
          : 'Front was told this address when it connected the channel; there is nothing to paste.'
      }
    >
      <div className="flex flex-col gap-5">
        {channel.appKey && (
          <CopyField
            label="Webhook URL of this channel"
            text={applicationWebhookUrl({ publicUrl, appKey: channel.appKey, channelKey: channel.key })}
            hint="Front posts replies, automatic replies, confirmations and the end of the channel there."
          />
        )}
        <KeyValues
          items={[
            {
              label: 'App',
              value: channel.appId && <TextLink href={`/apps/${channel.appId}`}>{channel.appName}</TextLink>,
              hint: 'Its secret signs Front’s calls and ours. Its page has the URLs for Front’s app settings.',
            },
            {
              label: 'To connect again',
              value: 'Front: Settings, the inbox, Channels, this channel, then authenticate again.',
              hint: 'Needed after new addresses here, and after the channel’s credential was revoked.',
            },
          ]}
        />
      </div>
    </Section>
  )
}

/** What a provider may post beside messages. */
export function ApplicationAddresses({ addresses }: { addresses: ReturnType<typeof channelAddresses> }) {
  return (
    <>
      <CopyField
        label="Sent URL"
        text={addresses.sent}
        hint="What was sent outside Front, by a bot or another console. It joins the conversation in Front."
      />
      <CopyField label="Templates URL" text={addresses.templates} hint="Message templates that Front is to offer." />
      <CopyField
        label="Calls URL"
        text={addresses.calls}
        hint="Phone calls. Below it, by the call’s id: /recording, /summary and /transcript."
      />
    </>
  )
}
