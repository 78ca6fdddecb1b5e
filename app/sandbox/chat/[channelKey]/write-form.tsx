'use client'

import { SendHorizontal } from 'lucide-react'
import { type KeyboardEvent, useActionState } from 'react'
import { SubmitButton } from '#ui/submit-button'
import { TextAreaField } from '#ui/text-field'
import { FileField } from '../../_parts/file-field'
import { FormNote } from '../../_parts/form-note'
import { writeAction } from './actions'

/** Where the visitor writes. Enter sends, Shift and Enter begins a new line. */
export function WriteForm({ channelKey }: { channelKey: string }) {
  const [state, action] = useActionState(writeAction, {})
  return (
    <form action={action} className="border-t border-rule bg-panel px-4 py-3 sm:rounded-t-lg sm:border-x">
      <input type="hidden" name="channelKey" value={channelKey} />
      <TextAreaField name="text" label="Message" rows={2} defaultValue={state.values?.text} onKeyDown={sendOnEnter} />
      <div className="mt-2 flex flex-wrap items-end justify-between gap-3">
        <FileField className="min-w-0 flex-1 basis-44" />
        <SubmitButton icon={SendHorizontal} pendingLabel="Sending…">
          Send
        </SubmitButton>
      </div>
      {state.error && <FormNote state={state} />}
    </form>
  )
}

function sendOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}
