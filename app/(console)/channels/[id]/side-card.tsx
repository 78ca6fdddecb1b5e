import type { ReactNode } from 'react'
import type { sumStats, Target, Waiting } from '#db/queries/targets'
import type { Direction } from '#db/schema/targets'
import { formatDuration, formatNumber } from '#lib/format'
import { Callout } from '#ui/callout'
import { Cord, type CordState } from '#ui/cord'
import { Section } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { ExactTime, Time } from '#ui/time'
import type { LoadedChannel } from '../_parts/load-channel'
import { BreakerCallout } from './breaker-callout'

type Stats = Awaited<ReturnType<typeof sumStats>>

const ENDS = {
  inbound: { title: 'To Front', from: 'Provider', to: 'Front' },
  outbound: { title: 'To the provider', from: 'Front', to: 'Provider' },
} as const

type Props = { loaded: LoadedChannel; direction: Direction; stats: Stats; canDecide: boolean }

/** One direction of a channel: what goes, what waits, and what stands in the way. */
export function SideCard({ loaded, direction, stats, canDecide }: Props) {
  const { channel, targets, waiting, now } = loaded
  const { title, from, to } = ENDS[direction]
  if (direction === 'outbound' && channel.receiveOnly) {
    return (
      <Section title={title} id="outbound">
        <p className="text-muted">
          Receive-only: no replies go out. What Front posts here all the same is refused and kept among the{' '}
          <TextLink href={`/requests?channel=${channel.id}`}>refused requests</TextLink>.
        </p>
      </Section>
    )
  }
  const side = targets.find((target) => target.direction === direction)
  const queue = waiting.find((each) => each.direction === direction)
  const holdUntil = side?.holdUntil && side.holdUntil > now && !side.breakerSince ? side.holdUntil : null
  const companyHold = direction === 'inbound' && channel.companyHoldUntil && channel.companyHoldUntil > now
  return (
    <Section title={title} id={direction}>
      <div className="flex flex-col gap-4">
        <Cord from={from} to={to} state={cordState(side, queue, holdUntil !== null)}>
          {cordWords(side, queue)}
        </Cord>
        {side?.heldSince && !channel.archivedAt && (
          <Callout
            tone="warn"
            title={
              <>
                Held since <ExactTime at={side.heldSince} />
              </>
            }
          >
            {/* The card above has told why it is offline. */}
            {channel.offlineSince && !channel.pausedAt
              ? 'Replies are kept while the channel is offline.'
              : side.heldReason}
          </Callout>
        )}
        {side?.breakerSince && !channel.archivedAt && <BreakerCallout side={side} now={now} canDecide={canDecide} />}
        {side && queue && isDraining(side, channel) && <DrainCallout count={queue.count} channel={channel} />}
        {holdUntil && (
          <Callout tone="warn" title="Waiting, because the other side asked for it">
            {side?.holdUntilReason} It goes on <Time at={holdUntil} now={now} />.
          </Callout>
        )}
        {companyHold && channel.companyHoldUntil && (
          <Callout tone="warn" title="Front asked the whole company to wait">
            {channel.companyHoldReason} It goes on <Time at={channel.companyHoldUntil} now={now} />.
          </Callout>
        )}
        {queue && queue.blocked > 0 && (
          <Callout
            tone="bad"
            title={`${queue.blocked} ${queue.blocked === 1 ? 'conversation waits' : 'conversations wait'} for a person`}
            actions={
              <TextLink href={`/messages?channel=${channel.id}&direction=${direction}&status=failed`}>
                See what failed
              </TextLink>
            }
          >
            A message failed for good, and this channel holds the conversation until somebody retries or discards it.
          </Callout>
        )}
        {side?.lastError && side.failuresInARow > 0 && !side.breakerSince && (
          <Callout
            tone="bad"
            title={`Failed ${side.failuresInARow} ${side.failuresInARow === 1 ? 'time' : 'times in a row'}`}
          >
            {side.lastError}
          </Callout>
        )}
        <Figures loaded={loaded} direction={direction} side={side} queue={queue} stats={stats} />
      </div>
    </Section>
  )
}

function isDraining(side: Target, { heldPerMinute, archivedAt }: LoadedChannel['channel']): boolean {
  return side.draining && heldPerMinute !== null && !side.heldSince && !side.breakerSince && !archivedAt
}

function DrainCallout({ count, channel }: { count: number; channel: LoadedChannel['channel'] }) {
  const minutes = Math.ceil(count / (channel.heldPerMinute ?? 1))
  return (
    <Callout
      title="Sending what was held"
      actions={<TextLink href={`/channels/${channel.id}/settings`}>Change the rate</TextLink>}
    >
      {formatNumber(count)} {count === 1 ? 'message' : 'messages'} left, in order, at most{' '}
      {formatNumber(channel.heldPerMinute ?? 0)} a minute: about {formatDuration(minutes * 60_000)}.
    </Callout>
  )
}

function cordState(side: Target | undefined, queue: Waiting | undefined, asked: boolean): CordState {
  if (side?.heldSince) return 'held'
  if (queue?.blocked || side?.breakerSince || (side && side.failuresInARow >= 3)) return 'broken'
  return queue || asked ? 'waiting' : 'ok'
}

function cordWords(side: Target | undefined, queue: Waiting | undefined): string {
  const count = `${formatNumber(queue?.count ?? 0)} waiting`
  return side?.heldSince ? `held, ${count}` : count
}

type FiguresProps = {
  loaded: LoadedChannel
  direction: Direction
  side: Target | undefined
  queue: Waiting | undefined
  stats: Stats
}

function Figures({ loaded: { channel, now }, direction, side, queue, stats }: FiguresProps) {
  const day = stats.find((each) => each.direction === direction)
  const link = (status: string, count: number) => (
    <TextLink href={`/messages?channel=${channel.id}&direction=${direction}&status=${status}&range=24h`}>
      {formatNumber(count)}
    </TextLink>
  )
  const time = (at: Date | null | undefined) => (at ? <Time at={at} now={now} /> : null)
  const figures: [string, ReactNode][] = [
    ['Delivered, 24 h', day?.delivered ? link('delivered', day.delivered) : '0'],
    ['Failed, 24 h', day?.failed ? link('failed', day.failed) : '0'],
    ['Average attempt', day?.averageMs == null ? null : formatDuration(day.averageMs)],
    ['Oldest waiting', time(queue?.oldestAt)],
    ['Last delivered', time(side?.lastDeliveredAt)],
    ['Last error', time(side?.lastFailedAt)],
  ]
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
      {figures.map(([label, value]) => (
        <div key={label}>
          <dt className="text-sm text-muted">{label}</dt>
          <dd>{value ?? <span className="text-faint">–</span>}</dd>
        </div>
      ))}
    </dl>
  )
}
