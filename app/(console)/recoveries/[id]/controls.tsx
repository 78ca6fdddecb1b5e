import { CircleSlash, Pause, Play } from 'lucide-react'
import type { Recovery } from '#db/queries/recoveries'
import { formatNumber } from '#lib/format'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { cancelRecoveryAction, pauseRecoveryAction, resumeRecoveryAction } from '../actions'

/** Pause, resume and cancel, as the recovery stands; the server decides again. */
export function Controls({ recovery: { id, status, waiting, sending } }: { recovery: Recovery }) {
  if (status === 'done' || status === 'cancelled') return null
  const underWay = sending === 0 ? '' : ` ${formatNumber(sending)} on their way go on.`
  return (
    <>
      {status === 'running' && (
        <ConfirmDialog
          trigger={<Button icon={Pause}>Pause</Button>}
          title="Pause this recovery?"
          description={`Nothing more is sent until somebody resumes it.${underWay}`}
          confirmLabel="Pause"
          pendingLabel="Pausing…"
          variant="primary"
          action={pauseRecoveryAction}
          values={{ id }}
        />
      )}
      {status === 'paused' && (
        <ConfirmDialog
          trigger={
            <Button icon={Play} variant="primary">
              Resume
            </Button>
          }
          title="Resume this recovery?"
          description={`${formatNumber(waiting)} ${waiting === 1 ? 'message waits' : 'messages wait'} to be sent.`}
          confirmLabel="Resume"
          pendingLabel="Resuming…"
          variant="primary"
          action={resumeRecoveryAction}
          values={{ id }}
        />
      )}
      <ConfirmDialog
        trigger={<Button icon={CircleSlash}>Cancel it</Button>}
        title="Cancel this recovery?"
        description={`What has not been sent stays failed, and can be recovered later.${underWay}`}
        confirmLabel="Cancel the recovery"
        pendingLabel="Cancelling…"
        action={cancelRecoveryAction}
        values={{ id }}
      />
    </>
  )
}
