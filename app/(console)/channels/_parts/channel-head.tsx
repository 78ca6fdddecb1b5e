import { FlaskConical, Pause, Play } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ChannelKind } from '#db/schema/channels'
import { Button } from '#ui/button'
import { ChannelChip } from '#ui/channel-chip'
import { Chip } from '#ui/chip'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { PageHeader } from '#ui/page-header'
import { Tabs } from '#ui/tabs'
import { TextAreaField } from '#ui/text-field'
import { pauseAction, resumeAction } from '../[id]/actions'
import type { LoadedChannel } from './load-channel'
import { canTellFront, OfflineOrOnline } from './offline-or-online'

const TABS = {
  overview: 'Overview',
  templates: 'Templates',
  calls: 'Calls',
  settings: 'Settings',
  threading: 'Threading',
  connect: 'Connect',
  keys: 'Keys',
  test: 'Test',
} as const
const KINDS = { custom: 'Custom', application: 'Application' } as const

export type ChannelTab = keyof typeof TABS

/** Head and tabs of every page of a channel. Some tabs are for admins only. */
export function ChannelHead({
  loaded,
  tab,
  role,
}: {
  loaded: LoadedChannel
  tab: ChannelTab
  role: { support: boolean; admin: boolean }
}) {
  const { channel, health } = loaded
  const shown = (Object.keys(TABS) as ChannelTab[]).filter((each) => isShown(each, channel.kind, role))
  return (
    <>
      <PageHeader
        breadcrumb={[{ href: '/channels', label: 'Channels' }]}
        title={channel.name}
        badges={
          <>
            <Chip>{KINDS[channel.kind]}</Chip>
            <ChannelChip state={health.state} label={health.label} />
            {channel.isSandbox && (
              <Chip tone="accent" icon={FlaskConical}>
                Sandbox
              </Chip>
            )}
          </>
        }
        description={health.why}
        actions={
          role.support &&
          !channel.archivedAt &&
          health.state !== 'unfinished' && (
            <>
              {canTellFront(channel) && <OfflineOrOnline loaded={loaded} />}
              <PauseOrResume loaded={loaded} />
            </>
          )
        }
      />
      <Tabs
        label="Parts of this channel"
        tabs={shown.map((each) => ({
          href: `/channels/${channel.id}${each === 'overview' ? '' : `/${each}`}`,
          label: TABS[each],
          current: each === tab,
        }))}
      />
    </>
  )
}

function isShown(tab: ChannelTab, kind: ChannelKind, role: { support: boolean; admin: boolean }): boolean {
  if (tab === 'overview') return true
  if (tab === 'templates' || tab === 'calls') return kind === 'application'
  return tab === 'test' ? role.support : role.admin
}

function paceWords(perMinute: number | null): string {
  return perMinute === null ? 'at once' : `at most ${perMinute} a minute`
}

function PauseOrResume({ loaded: { channel, waiting } }: { loaded: LoadedChannel }): ReactNode {
  const values = { channelId: channel.id }
  const count = waiting.reduce((sum, side) => sum + side.count, 0)
  if (channel.pausedAt) {
    return (
      <ConfirmDialog
        trigger={
          <Button variant="primary" icon={Play}>
            Resume
          </Button>
        }
        title={`Resume ${channel.name}?`}
        description={`${count === 0 ? 'Nothing waits.' : `${count} ${count === 1 ? 'message waits' : 'messages wait'}.`} What waits goes out ${paceWords(channel.heldPerMinute)}, in order within each conversation.`}
        confirmLabel="Resume"
        pendingLabel="Resuming…"
        variant="primary"
        action={resumeAction}
        values={values}
      />
    )
  }
  return (
    <ConfirmDialog
      trigger={<Button icon={Pause}>Pause</Button>}
      title={`Pause ${channel.name}?`}
      description="Nothing is sent in either direction until somebody resumes it. Messages are still taken in and kept; none is lost."
      confirmLabel="Pause"
      pendingLabel="Pausing…"
      variant="primary"
      action={pauseAction}
      values={values}
    >
      <TextAreaField
        name="reason"
        label="Why"
        hint="Colleagues see it on the channel."
        rows={2}
        required
        maxLength={300}
      />
    </ConfirmDialog>
  )
}
