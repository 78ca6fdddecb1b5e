import { CircleDot, CircleOff } from 'lucide-react'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { TextAreaField } from '#ui/text-field'
import { backOnlineAction, markOfflineAction } from '../[id]/front-actions'
import type { LoadedChannel } from './load-channel'

/** Front shows only application channels as offline, and only those that it has. */
export function canTellFront({ kind, connectedAt, disconnectedAt }: LoadedChannel['channel']): boolean {
  return kind === 'application' && connectedAt !== null && disconnectedAt === null
}

/** Shows the channel as offline in Front, or as working again. */
export function OfflineOrOnline({ loaded: { channel, waiting } }: { loaded: LoadedChannel }) {
  const values = { channelId: channel.id }
  const count = waiting.find((side) => side.direction === 'outbound')?.count ?? 0
  if (channel.offlineSince) {
    return (
      <ConfirmDialog
        trigger={
          <Button variant="primary" icon={CircleDot}>
            Back online
          </Button>
        }
        title={`Bring ${channel.name} back online?`}
        description={`Front is told that it works again, so the notice there goes away. ${repliesGoOut(count)}`}
        confirmLabel="Back online"
        pendingLabel="Telling Front…"
        variant="primary"
        action={backOnlineAction}
        values={values}
      />
    )
  }
  return (
    <ConfirmDialog
      trigger={<Button icon={CircleOff}>Mark offline</Button>}
      title={`Mark ${channel.name} as offline?`}
      description={
        <>
          Teammates see a notice at the bottom left of Front. It leads to the channel’s settings, where the channel can
          be signed in again. Replies are taken in, counted and kept; they go out in order when it is back. Messages
          from the provider still reach Front.
        </>
      }
      confirmLabel="Mark offline"
      pendingLabel="Telling Front…"
      variant="primary"
      action={markOfflineAction}
      values={values}
    >
      <TextAreaField
        name="reason"
        label="Why"
        hint="Colleagues see it here. Front shows that the channel is offline, not why."
        rows={2}
        required
        minLength={3}
        maxLength={300}
      />
    </ConfirmDialog>
  )
}

function repliesGoOut(count: number): string {
  if (count === 0) return 'No replies wait.'
  return `${count} ${count === 1 ? 'reply waits' : 'replies wait'} and ${count === 1 ? 'goes' : 'go'} out in order.`
}
