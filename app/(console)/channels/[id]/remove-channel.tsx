import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { dropAction } from './actions'

type Props = { channel: { id: string; name: string }; description: string }

/** Gives up a channel that never came to be in Front. */
export function RemoveChannel({ channel, description }: Props) {
  return (
    <ConfirmDialog
      trigger={<Button>Remove this channel</Button>}
      title={`Remove ${channel.name}?`}
      description={description}
      confirmLabel="Remove"
      pendingLabel="Removing…"
      action={dropAction}
      values={{ channelId: channel.id }}
    />
  )
}
