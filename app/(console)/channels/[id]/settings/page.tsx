import type { Metadata } from 'next'
import { getChannel } from '#db/queries/channels'
import { unsealHeaders } from '#lib/channels/provider-headers'
import { formatRetrySchedule } from '#lib/channels/retry-schedule'
import { phoneCountries } from '#lib/channels/settings'
import { db } from '#lib/database'
import { keyring } from '#lib/keyring'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { NotAllowed } from '#ui/not-allowed'
import { Section, Stack } from '#ui/section'
import { TextField } from '#ui/text-field'
import { ChannelHead } from '../../_parts/channel-head'
import { type LoadedChannel, loadChannel } from '../../_parts/load-channel'
import { requireRole } from '../../_parts/require-role'
import { archiveAction } from '../actions'
import { SettingsForm } from './settings-form'

export const metadata: Metadata = { title: 'Channel settings' }

export default async function ChannelSettingsPage({ params }: { params: Promise<{ id: string }> }) {
  const { user, role } = await requireRole('viewer')
  if (!role.admin) return <NotAllowed needs="admin" role={user.role} />
  const loaded = await loadChannel((await params).id)
  const { channel } = loaded
  if (channel.archivedAt) {
    return (
      <>
        <ChannelHead loaded={loaded} tab="settings" role={role} />
        <Callout title="This channel is archived">
          Its settings can no longer be changed. Its log stays readable.
        </Callout>
      </>
    )
  }
  return (
    <>
      <ChannelHead loaded={loaded} tab="settings" role={role} />
      <Stack className="max-w-3xl">
        <SettingsForm
          channelId={channel.id}
          kind={channel.kind}
          values={await formValues(loaded)}
          headerNames={await headerNames(channel.id)}
          countries={phoneCountries()}
        />
        <Archive loaded={loaded} />
      </Stack>
    </>
  )
}

async function formValues({ channel }: LoadedChannel): Promise<Record<string, string>> {
  return {
    name: channel.name,
    contactType: channel.contactType,
    defaultCountry: channel.defaultCountry ?? '',
    receiveOnly: channel.receiveOnly ? 'on' : '',
    providerUrl: channel.providerUrl ?? '',
    providerFormat: channel.providerFormat,
    retryDelaysS: formatRetrySchedule(channel.retryDelaysS),
    lostAnswer: channel.lostAnswer,
    failedHead: channel.failedHead,
    maxBodyBytes: String(channel.maxBodyBytes / 1_000_000),
    offlineAfterFailures: channel.offlineAfterFailures === null ? '' : String(channel.offlineAfterFailures),
    heldPerMinute: channel.heldPerMinute === null ? '' : String(channel.heldPerMinute),
    retentionDays: channel.retentionDays === null ? '' : String(channel.retentionDays),
    requestsPerMinute: channel.requestsPerMinute === null ? '' : String(channel.requestsPerMinute),
  }
}

/** Names only: a value never leaves the server again. */
async function headerNames(channelId: string): Promise<string[]> {
  const channel = await getChannel(db(), channelId)
  return Object.keys(unsealHeaders(channel?.providerHeadersSealed ?? null, keyring()))
}

function Archive({ loaded: { channel, waiting } }: { loaded: LoadedChannel }) {
  const count = waiting.reduce((sum, side) => sum + side.count, 0)
  return (
    <Section title="Archive this channel" id="archive">
      <div className="flex flex-col items-start gap-4">
        <p className="max-w-[72ch] text-muted">
          Takes it out of use for good: its addresses stop answering and its keys end. The log stays readable. The
          channel in Front is not touched; remove it there yourself.
        </p>
        <ConfirmDialog
          trigger={<Button>Archive…</Button>}
          title={`Archive ${channel.name}?`}
          description={
            count === 0
              ? 'This cannot be undone here.'
              : `${count} ${count === 1 ? 'message still waits' : 'messages still wait'} and will not be sent. This cannot be undone here.`
          }
          confirmLabel="Archive the channel"
          pendingLabel="Archiving…"
          action={archiveAction}
          values={{ channelId: channel.id }}
        >
          <TextField
            name="typedName"
            label={`Type its name, ${channel.name}, to confirm`}
            autoComplete="off"
            required
          />
        </ConfirmDialog>
      </div>
    </Section>
  )
}
