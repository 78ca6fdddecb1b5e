import type { Target } from '#db/queries/targets'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { ExactTime, Time } from '#ui/time'
import { sendAgainNowAction } from './front-actions'

const NAMES = { inbound: 'Front', outbound: 'the provider', report: 'Front', alert: 'a destination' } as const

/** That Patchbay has stopped calling a side, since when and why, and a way to go on at once. */
export function BreakerCallout({ side, now, canDecide }: { side: Target; now: Date; canDecide: boolean }) {
  const { channelId, direction, breakerSince, breakerReason, holdUntil } = side
  const name = NAMES[direction]
  return (
    <Callout
      tone="bad"
      title={`Patchbay stopped calling ${name}`}
      actions={
        canDecide && (
          <ConfirmDialog
            trigger={<Button size="sm">Send again now</Button>}
            title={`Call ${name} again?`}
            description="Everything that waits goes out, in order within each conversation. If the other side still fails, Patchbay stops again after ten failures in a row."
            confirmLabel="Send again now"
            pendingLabel="Asking…"
            variant="primary"
            action={sendAgainNowAction}
            values={{ channelId, direction }}
          />
        )
      }
    >
      <p>
        {breakerSince && (
          <>
            Since <ExactTime at={breakerSince} />.{' '}
          </>
        )}
        {breakerReason ?? 'It failed again and again.'}
      </p>
      <p>
        Everything is kept.{' '}
        {holdUntil && holdUntil > now ? (
          <>
            The next try, with one message, is <Time at={holdUntil} now={now} />.
          </>
        ) : (
          'The next try, with one message, is due.'
        )}
      </p>
    </Callout>
  )
}
