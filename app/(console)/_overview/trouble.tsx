import { FAILING_AFTER, listPausedCompanies, listTroubledTargets, type TroubledTarget } from '#db/queries/overview'
import { db } from '#lib/database'
import { asSentence } from '#lib/format'
import { Callout } from '#ui/callout'
import { ChannelChip } from '#ui/channel-chip'
import { Chip } from '#ui/chip'
import { List, ListRow } from '#ui/list'
import { Section } from '#ui/section'
import { ExactTime, Time } from '#ui/time'

/** Channels that are paused, fail again and again, or were asked to wait. Nothing when all is well. */
export async function Trouble({ now }: { now: Date }) {
  const [targets, companies] = await Promise.all([listTroubledTargets(db(), now), listPausedCompanies(db(), now)])
  return (
    <>
      {companies.map(({ id, name, holdUntil, holdReason }) => (
        <Callout key={id} tone="warn" title={`Front asked ${name} to slow down`}>
          {holdReason} Everything is kept; Patchbay goes on {holdUntil && <Time at={holdUntil} now={now} />}.
        </Callout>
      ))}
      {targets.length > 0 && (
        <Section id="trouble" title="Channels in trouble" flush>
          <List label="Channels in trouble">
            {targets.filter(isFirstToShow).map((target) => (
              <Target key={`${target.channelId} ${target.direction}`} target={target} now={now} />
            ))}
          </List>
        </Section>
      )}
    </>
  )
}

/** A channel is paused as a whole, so its two sides are told once. */
function isFirstToShow({ channelId, heldSince }: TroubledTarget, index: number, all: TroubledTarget[]): boolean {
  return !heldSince || all.findIndex((other) => other.channelId === channelId && other.heldSince) === index
}

const SIDES = { inbound: 'to Front', outbound: 'to the provider', report: 'reports to Front', alert: 'alerts' } as const

function Target({ target, now }: { target: TroubledTarget; now: Date }) {
  const { channelId, channelName, direction, heldSince } = target
  const side = SIDES[direction]
  return (
    <ListRow
      href={`/channels/${channelId}`}
      title={heldSince ? channelName : `${channelName}, ${side}`}
      trailing={<State target={target} />}
    >
      <Detail target={target} now={now} />
    </ListRow>
  )
}

function State({ target }: { target: TroubledTarget }) {
  const { heldSince, breakerSince, failuresInARow } = target
  if (heldSince) return <HeldState target={target} />
  if (breakerSince) return <ChannelChip state="trouble" label="Not called" />
  if (failuresInARow >= FAILING_AFTER) return <ChannelChip state="trouble" />
  return <Chip tone="warn">Asked to wait</Chip>
}

function HeldState({ target: { disconnectedAt, pausedAt, offlineSince, kind } }: { target: TroubledTarget }) {
  if (disconnectedAt) return <ChannelChip state="disconnected" />
  if (pausedAt) return <ChannelChip state="paused" />
  if (offlineSince) return <ChannelChip state="offline" />
  return <ChannelChip state="unfinished" label={kind === 'application' ? 'Waiting for Front' : undefined} />
}

function Detail({ target, now }: { target: TroubledTarget; now: Date }) {
  const { heldSince, heldReason, holdUntil, holdUntilReason, failuresInARow, lastError, lastDeliveredAt } = target
  if (heldSince) {
    return (
      <>
        Since <Time at={heldSince} now={now} />. {heldReason && asSentence(heldReason)}
      </>
    )
  }
  if (target.breakerSince) {
    return (
      <>
        Patchbay stopped calling <Time at={target.breakerSince} now={now} />. {target.breakerReason}
      </>
    )
  }
  if (failuresInARow >= FAILING_AFTER) {
    return (
      <>
        {failuresInARow} attempts in a row did not work{lastError ? `: ${asSentence(lastError)}` : '.'}{' '}
        {lastDeliveredAt ? (
          <>
            Last delivery: <ExactTime at={lastDeliveredAt} />.
          </>
        ) : (
          'Nothing was ever delivered.'
        )}
      </>
    )
  }
  return (
    <>
      {holdUntilReason ?? 'The other side asked for a pause.'} {holdUntil && <Time at={holdUntil} now={now} />}
    </>
  )
}
