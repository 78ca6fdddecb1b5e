'use client'

import { useActionState } from 'react'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { FormNote } from '../../_parts/form-note'
import { setAutoRepliesAction } from './actions'

const CHOICES = [
  { value: '0', label: 'Off' },
  { value: '1', label: 'One rule answers each message' },
  { value: '2', label: 'Two rules answer each message' },
]

/** Front's rules that answer a customer by themselves. */
export function AutoReplyForm({ id, autoReplies }: { id: string; autoReplies: number }) {
  const [state, action] = useActionState(setAutoRepliesAction, {})
  return (
    <form action={action} className="flex flex-wrap items-end gap-3">
      <input type="hidden" name="id" value={id} />
      <SelectField
        key={autoReplies}
        name="autoReplies"
        id={`${id}-autoReplies`}
        label="Auto-replies"
        options={CHOICES}
        defaultValue={String(autoReplies)}
        className="w-72 max-w-full"
      />
      <SubmitButton variant="secondary" pendingLabel="Saving…">
        Save auto-replies
      </SubmitButton>
      <FormNote state={state} />
    </form>
  )
}
