'use client'

import { useActionState } from 'react'
import type { ConfirmState } from '#ui/confirm-dialog'
import { FormErrors } from '#ui/form-messages'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'

type Props = {
  channelId: string
  action: (previous: ConfirmState | null, form: FormData) => Promise<ConfirmState>
}

export function TypedIdForm({ channelId, action }: Props) {
  const [state, submit] = useActionState(action, null)
  return (
    <form action={submit} className="flex max-w-md flex-col gap-3">
      <input type="hidden" name="channelId" value={channelId} />
      {state && !state.ok && <FormErrors title={state.message} />}
      <TextField name="frontChannelId" label="Channel id in Front" placeholder="cha_55c8c149" mono required />
      <div>
        <SubmitButton variant="secondary" pendingLabel="Connecting…">
          Use this id
        </SubmitButton>
      </div>
    </form>
  )
}
