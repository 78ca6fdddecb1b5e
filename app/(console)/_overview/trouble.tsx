import { FAILING_AFTER, listPausedCompanies, listTroubledTargets, type TroubledTarget } from '#db/queries/overview'
import { db } from '#lib/database'
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

function Target({ target, now }: { target: TroubledTarget; now: Date }) {
  const { channelId, channelName, direction, heldSince, pausedAt, failuresInARow } = target
  const side = direction === 'inbound' ? 'to Front' : 'to the provider'
  return (
    <ListRow
      href={`/channels/${channelId}`}
      title={heldSince ? channelName : `${channelName}, ${side}`}
      trailing={
        heldSince ? (
          <ChannelChip state={pausedAt ? 'paused' : 'unfinished'} />
        ) : failuresInARow >= FAILING_AFTER ? (
          <ChannelChip state="trouble" />
        ) : (
          <Chip tone="warn">Asked to wait</Chip>
        )
      }
    >
      <Detail target={target} now={now} />
    </ListRow>
  )
}

function Detail({ target, now }: { target: TroubledTarget; now: Date }) {
  const { heldSince, heldReason, pausedBy, holdUntil, holdUntilReason, failuresInARow, lastError, lastDeliveredAt } =
    target
  if (heldSince) {
    return (
      <>
        Since <Time at={heldSince} now={now} />
        {pausedBy && `, by ${pausedBy}`}
        {heldReason && `: ${heldReason}`}
      </>
    )
  }
  if (failuresInARow >= FAILING_AFTER) {
    return (
      <>
        {failuresInARow} attempts in a row did not work{lastError ? `: ${lastError.replace(/[.!]?$/, '.')}` : '.'}{' '}
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
