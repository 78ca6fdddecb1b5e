import type { Metadata } from 'next'
import { sumStats } from '#db/queries/targets'
import { isUnfinished } from '#lib/channels/channel-status'
import { signatureWords } from '#lib/channels/signature-words'
import { db } from '#lib/database'
import { describeRule, threadingRule } from '#lib/threading/rules'
import { KeyValues } from '#ui/key-values'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { RefreshWhile } from '../../_parts/refresh-while'
import { ChannelHead } from '../_parts/channel-head'
import { type LoadedChannel, loadChannel } from '../_parts/load-channel'
import { requireRole } from '../_parts/require-role'
import { BreakerHistory } from './breaker-history'
import { FrontCard } from './front-card'
import { SideCard } from './side-card'
import { UnfinishedPanel } from './unfinished-panel'
import { UntoldSection } from './untold-section'
import { WaitingPanel } from './waiting-panel'

type Props = { params: Promise<{ id: string }> }

const DAY_MS = 86_400_000

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireRole('viewer')
  return { title: (await loadChannel((await params).id)).channel.name }
}

export default async function ChannelPage({ params }: Props) {
  const { role } = await requireRole('viewer')
  const loaded = await loadChannel((await params).id)
  const { channel, now, waiting } = loaded
  const stats = await sumStats(db(), { channelId: channel.id, since: new Date(now.getTime() - DAY_MS) })
  const unfinished = isUnfinished(channel.frontChannelId) && !channel.archivedAt
  return (
    <>
      <ChannelHead loaded={loaded} tab="overview" role={role} />
      <RefreshWhile active={waiting.length > 0 && channel.pausedAt === null && !channel.archivedAt} />
      <Stack>
        {unfinished && channel.kind === 'custom' && <UnfinishedPanel channel={channel} canFinish={role.admin} />}
        {unfinished && channel.kind === 'application' && <WaitingPanel channel={channel} canFinish={role.admin} />}
        {channel.kind === 'application' && !unfinished && <FrontCard loaded={loaded} canDecide={role.support} />}
        <div className="grid gap-5 lg:grid-cols-2">
          <SideCard loaded={loaded} direction="inbound" stats={stats} canDecide={role.support} />
          <SideCard loaded={loaded} direction="outbound" stats={stats} canDecide={role.support} />
        </div>
        <UntoldSection channelId={channel.id} now={now} canDecide={role.support} />
        <BreakerHistory channelId={channel.id} now={now} />
        <Facts loaded={loaded} />
      </Stack>
    </>
  )
}

function Facts({ loaded: { channel, now } }: { loaded: LoadedChannel }) {
  const rule = threadingRule.safeParse(channel.threading)
  return (
    <Section
      title="This channel"
      id="facts"
      actions={
        <>
          <TextLink href={`/messages?channel=${channel.id}`}>Messages</TextLink>
          <TextLink href={`/requests?channel=${channel.id}`}>Refused requests</TextLink>
        </>
      }
    >
      <KeyValues
        items={[
          { label: 'Front company', value: channel.companyName },
          {
            label: 'Channel in Front',
            value: isUnfinished(channel.frontChannelId) ? null : (
              <code className="font-mono text-sm">{channel.frontChannelId}</code>
            ),
          },
          {
            label: 'Conversations',
            value: rule.success ? describeRule(rule.data, channel.kind) : 'The stored rule cannot be read.',
          },
          {
            label: 'Provider',
            value: channel.receiveOnly
              ? 'None: receive-only'
              : channel.providerUrl && <code className="font-mono text-sm">{channel.providerUrl}</code>,
          },
          { label: 'Front’s signature', value: signatureWords(channel.signatureVariant) },
          { label: 'Added', value: <Time at={channel.createdAt} now={now} /> },
        ]}
      />
    </Section>
  )
}
