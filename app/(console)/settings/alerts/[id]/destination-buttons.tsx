import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { removeDestinationAction, switchDestinationAction } from '../actions'

type Props = { id: string; name: string; isOn: boolean }

export function DestinationButtons({ id, name, isOn }: Props) {
  return (
    <>
      <ConfirmDialog
        trigger={<Button size="sm">{isOn ? 'Switch off' : 'Switch on'}</Button>}
        title={isOn ? `Switch ${name} off?` : `Switch ${name} on?`}
        description={
          isOn
            ? 'Nothing more is told here, and alerts that wait for it are given up.'
            : 'What is wrong at that moment is told at once.'
        }
        confirmLabel={isOn ? 'Switch off' : 'Switch on'}
        variant={isOn ? 'danger' : 'primary'}
        action={switchDestinationAction}
        values={{ id, on: isOn ? 'no' : 'yes' }}
      />
      <ConfirmDialog
        trigger={<Button size="sm">Remove</Button>}
        title={`Remove ${name}?`}
        description="Nothing more is told here, and alerts that wait for it are given up. This cannot be taken back."
        confirmLabel="Remove"
        pendingLabel="Removing…"
        action={removeDestinationAction}
        values={{ id }}
      />
    </>
  )
}
