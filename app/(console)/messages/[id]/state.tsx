import type { ReactNode } from 'react'
import type { getConfirmation, MessageDetails, ShownPlace } from '#db/queries/message-details'
import { errorWords } from '#lib/delivery/error-words'
import { explainStatus, type ShownStatus, shownStatus } from '#lib/delivery/status-words'
import { asSentence } from '#lib/format'
import { Callout } from '#ui/callout'
import { Cord, type CordState } from '#ui/cord'
import { Section } from '#ui/section'
import { type ChipStatus, StatusChip } from '#ui/status-chip'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { isInFlight } from './place'

type Props = {
  details: MessageDetails
  place: ShownPlace
  confirmation: Awaited<ReturnType<typeof getConfirmation>>
  now: Date
}

const CORDS: Record<ShownStatus, CordState> = {
  delivered: 'ok',
  queued: 'waiting',
  retrying: 'waiting',
  failed: 'broken',
  held: 'held',
  discarded: 'broken',
  unconfirmed: 'broken',
}

/** Where the message is between its two ends, in words, and what to do when it is stuck. */
export function State({ details, place, confirmation, now }: Props) {
  const { message, delivery, target, channel } = details
  const state = { status: delivery.status, frontState: message.frontState, held: Boolean(target?.heldSince) }
  const shown = shownStatus(state)
  const [from, to] = message.direction === 'inbound' ? ['Provider', 'Front'] : ['Front', 'Provider']
  const chip: ChipStatus =
    shown === 'delivered' && message.direction === 'inbound'
      ? message.frontState === 'confirmed'
        ? 'confirmed'
        : 'accepted'
      : shown
  return (
    <Section>
      <div className="flex flex-col gap-4">
        <Cord from={from} to={to} state={CORDS[shown]}>
          <StatusChip status={chip} />
        </Cord>
        <div className="flex flex-col gap-1">
          <p>{explainStatus({ ...delivery, ...state, direction: message.direction })}</p>
          <Extra details={details} place={place} now={now} />
          {confirmation && (
            <p className="text-sm text-muted">
              Looked for in Front {confirmation.tries === 1 ? 'once' : `${confirmation.tries} times`} so far; next look{' '}
              <Time at={confirmation.dueAt} now={now} />.
            </p>
          )}
        </div>
        {delivery.lastErrorClass && (shown === 'failed' || shown === 'retrying') && (
          <Why errorClass={delivery.lastErrorClass} details={details} />
        )}
        {shown === 'failed' && channel.failedHead === 'hold' && place?.ahead === 0 && (
          <Callout tone="warn" title="The conversation waits for your decision">
            Later messages in this direction are kept until this one is retried or discarded.
          </Callout>
        )}
      </div>
    </Section>
  )
}

/** What the status alone does not say: whose turn it is, when the next attempt is, who decided. */
function Extra({ details: { delivery, target, channel, company, message }, place, now }: Omit<Props, 'confirmation'>) {
  const lines: ReactNode[] = []
  const waits = delivery.status === 'pending' || delivery.status === 'retrying'
  if (isInFlight(place, now)) lines.push('It is being sent right now.')
  else if (waits && target?.heldSince)
    lines.push(asSentence(target.heldReason ?? channel.pausedReason ?? 'No reason was given'))
  else if (place && place.ahead > 0 && place.headDeliveryId) lines.push(<Behind key="behind" place={place} />)
  else if (place?.afterId) lines.push(<After key="after" id={place.afterId} />)
  else if (delivery.nextAttemptAt) lines.push(<NextTry key="next" at={delivery.nextAttemptAt} now={now} />)
  const pause =
    message.direction === 'inbound' && isAfter(company.holdUntil, now) ? company.holdUntil : target?.holdUntil
  if (place && pause && pause > now) {
    lines.push(
      <span key="pause">
        {message.direction === 'inbound' ? 'Front' : 'The provider'} asked for a pause, which ends{' '}
        <Time at={pause} now={now} />.
      </span>,
    )
  }
  if (delivery.requestedBy) lines.push(`${delivery.requestedBy} asked for this attempt.`)
  if (waits && delivery.retryAs) lines.push(`It goes out as it was sent before: to ${delivery.retryAs.url}`)
  if (delivery.status === 'discarded')
    lines.push(`Discarded by ${delivery.discardedBy ?? 'somebody'}: “${delivery.discardReason ?? ''}”`)
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no other identity and keep no state
    <p key={index} className="text-sm text-muted wrap-anywhere">
      {line}
    </p>
  ))
}

function Behind({ place }: { place: NonNullable<ShownPlace> }) {
  return (
    <>
      {place.ahead === 1 ? 'One earlier message comes' : `${place.ahead} earlier messages come`} first.{' '}
      <TextLink href={`/messages/${place.headDeliveryId}`}>See the next one</TextLink>
    </>
  )
}

function After({ id }: { id: string }) {
  return (
    <>
      An earlier reply of the same conversation in Front comes first.{' '}
      <TextLink href={`/messages/${id}`}>See it</TextLink>
    </>
  )
}

function NextTry({ at, now }: { at: Date; now: Date }) {
  if (at <= now) return 'The next attempt is due.'
  return (
    <>
      Next attempt <Time at={at} now={now} />.
    </>
  )
}

function Why({ errorClass, details: { delivery, message } }: { errorClass: string; details: MessageDetails }) {
  const words = errorWords(errorClass, message.direction, { ended: delivery.status === 'failed' })
  return (
    <Callout tone={delivery.status === 'failed' ? 'bad' : 'warn'} title={words.title}>
      <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_1fr]">
        <Word label="What happened">{words.happened}</Word>
        <Word label="Likely cause">{words.cause}</Word>
        <Word label="What to try">{words.tryThis}</Word>
        <Word label="Who can fix it">{words.who}</Word>
        {delivery.lastError && <Word label="In detail">{delivery.lastError}</Word>}
      </dl>
    </Callout>
  )
}

function Word({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint max-sm:mt-1">{label}</dt>
      <dd className="min-w-0 text-ink wrap-anywhere">{children}</dd>
    </>
  )
}

function isAfter(moment: Date | null, now: Date): boolean {
  return moment !== null && moment > now
}
