'use client'

import { useActionState } from 'react'
import { type Option, SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextAreaField } from '#ui/text-field'
import { FileField } from '../../_parts/file-field'
import { FormNote } from '../../_parts/form-note'
import { replyAction } from './actions'

type Props = { conversationId: string; hasOutgoingUrl: boolean; teammates: Option[] }

/** The box under a conversation. */
export function ReplyForm({ conversationId, hasOutgoingUrl, teammates }: Props) {
  const [state, action] = useActionState(replyAction, {})
  return (
    <form action={action} className="border-t border-rule px-4 py-4">
      <input type="hidden" name="conversationId" value={conversationId} />
      <TextAreaField name="text" label="Reply" rows={3} defaultValue={state.values?.text} />
      <div className="mt-3 flex flex-wrap items-end gap-3">
        <SelectField
          name="teammateId"
          label="Send as"
          options={teammates}
          defaultValue={state.values?.teammateId}
          className="w-32"
        />
        <FileField className="min-w-0 flex-1 basis-52" />
        <SubmitButton pendingLabel="Sending…">Send reply</SubmitButton>
      </div>
      <FormNote state={state} />
      {!hasOutgoingUrl && (
        <p className="text-sm text-warn">This channel has no outgoing URL, so replies stay inside the sandbox.</p>
      )}
    </form>
  )
}
