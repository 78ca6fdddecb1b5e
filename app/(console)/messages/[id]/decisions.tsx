import { CircleSlash, RotateCw } from 'lucide-react'
import type { MessageDetails, ShownPlace } from '#db/queries/message-details'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { TextAreaField } from '#ui/text-field'
import { discardAction, retryAction } from './actions'
import { isInFlight } from './place'
import { RetryButton } from './retry-button'

type Props = { details: MessageDetails; place: ShownPlace; now: Date }

/** What a person may do with the message as it stands; the server decides again when they do. */
export function Decisions({ details: { message, delivery, target }, place, now }: Props) {
  const { id, direction, frontState } = message
  const { status, answerLost } = delivery
  const lost = status === 'delivered' && frontState === 'missing'
  if ((status === 'delivered' && !lost) || isInFlight(place, now)) return null
  const waits = status === 'pending' || status === 'retrying'
  const canSendNow = place?.ahead === 0 && !target?.heldSince && place.dueAt !== null && place.dueAt > now
  const mayRepeat = lost || (answerLost && !waits)
  return (
    <>
      {mayRepeat ? <SendAgain id={id} direction={direction} /> : null}
      {!mayRepeat && (!waits || canSendNow) ? <RetryButton id={id} label={waits ? 'Send now' : 'Retry'} /> : null}
      {status === 'discarded' ? null : <Discard id={id} waits={waits} />}
    </>
  )
}

function SendAgain({ id, direction }: { id: string; direction: 'inbound' | 'outbound' }) {
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
    />
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
