import { CircleSlash, MessageSquarePlus, RotateCw } from 'lucide-react'
import type { AttemptDetails, MessageDetails, ShownPlace } from '#db/queries/message-details'
import { earlierWay } from '#lib/delivery/earlier-way'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { TextAreaField } from '#ui/text-field'
import { discardAction, retryAction } from './actions'
import { isInFlight } from './place'
import { RetryButton } from './retry-button'
import { RetryFields, type WayChoice } from './retry-fields'

type Props = { details: MessageDetails; attempts: AttemptDetails[]; place: ShownPlace; now: Date }

/** What a person may do with the message as it stands; the server decides again when they do. */
export function Decisions({ details: { message, delivery, target, channel }, attempts, place, now }: Props) {
  const { id, direction, frontState } = message
  const { status, answerLost } = delivery
  const lost = status === 'delivered' && frontState === 'missing'
  if ((status === 'delivered' && !lost) || isInFlight(place, now)) return null
  const waits = status === 'pending' || status === 'retrying'
  const canSendNow = place?.ahead === 0 && !target?.heldSince && place.dueAt !== null && place.dueAt > now
  const mayRepeat = lost || (answerLost && !waits)
  const earlier = earlierWay({ direction, attempts, channel })
  const choice = earlier && { earlier, today: { url: channel.providerUrl, format: channel.providerFormat } }
  return (
    <>
      {mayRepeat ? <SendAgain id={id} direction={direction} choice={choice} /> : null}
      {!mayRepeat && (!waits || canSendNow) ? <Retry id={id} waits={waits} choice={choice} /> : null}
      {status === 'discarded' ? null : <Discard id={id} waits={waits} />}
    </>
  )
}

/** One click where there is nothing to choose; a note is a click more. */
function Retry({ id, waits, choice }: { id: string; waits: boolean; choice: WayChoice | null }) {
  const label = waits ? 'Send now' : 'Retry'
  const trigger = choice ? (
    <Button variant="primary" icon={RotateCw}>
      {label}
    </Button>
  ) : (
    <Button icon={MessageSquarePlus}>With a note</Button>
  )
  return (
    <>
      {!choice && <RetryButton id={id} label={label} />}
      <ConfirmDialog
        trigger={trigger}
        title={choice ? 'How should it be sent?' : 'Send it again?'}
        description={choice ? 'The channel’s settings have changed since it was last sent.' : undefined}
        confirmLabel={label}
        pendingLabel="Asking…"
        variant="primary"
        action={retryAction}
        values={{ id }}
      >
        <RetryFields choice={choice} />
      </ConfirmDialog>
    </>
  )
}

type SendAgainProps = { id: string; direction: 'inbound' | 'outbound'; choice: WayChoice | null }

function SendAgain({ id, direction, choice }: SendAgainProps) {
  const there = direction === 'inbound' ? 'in Front' : 'at the provider'
  return (
    <ConfirmDialog
      trigger={
        <Button variant="primary" icon={RotateCw}>
          Send again
        </Button>
      }
      title="Send this message again?"
      description={`An earlier attempt may have arrived although its answer did not. If it did, the message is ${there} twice. Look there first.`}
      confirmLabel="Send again"
      pendingLabel="Asking…"
      variant="primary"
      action={retryAction}
      values={{ id }}
    >
      <RetryFields choice={choice} />
    </ConfirmDialog>
  )
}

function Discard({ id, waits }: { id: string; waits: boolean }) {
  return (
    <ConfirmDialog
      trigger={<Button icon={CircleSlash}>Discard</Button>}
      title="Discard this message?"
      description={
        waits
          ? 'It is not sent any more, and later messages of the conversation go on without it. It stays in the log.'
          : 'It no longer asks for attention. It stays in the log and can be retried later.'
      }
      confirmLabel="Discard"
      pendingLabel="Discarding…"
      action={discardAction}
      values={{ id }}
    >
      <TextAreaField
        name="reason"
        label="Reason"
        hint="For whoever asks later: it is shown on the message."
        required
        minLength={3}
        maxLength={500}
        rows={3}
      />
    </ConfirmDialog>
  )
}
