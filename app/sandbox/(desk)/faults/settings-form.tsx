'use client'

import { useActionState } from 'react'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { FormNote } from '../../_parts/form-note'
import { saveSettingsAction } from './actions'

/** The sandbox's manners on a good day. */
export function SettingsForm(saved: { visibleDelayS: number; requestsPerMinute: number }) {
  const [state, action] = useActionState(saveSettingsAction, {})
  return (
    <form action={action} className="grid gap-4 sm:grid-cols-2">
      <TextField
        name="visibleDelayS"
        label="Messages exist after"
        hint="Front accepts a message at once and creates it a moment later: 0 to 10 seconds."
        type="number"
        step="0.1"
        min={0}
        max={10}
        suffix="seconds"
        defaultValue={state.values?.visibleDelayS ?? saved.visibleDelayS}
      />
      <TextField
        name="requestsPerMinute"
        label="Calls a minute"
        hint="Front’s plans allow 50, 100 or 200 for the whole company. 0 means no limit."
        type="number"
        min={0}
        max={400}
        suffix="calls"
        defaultValue={state.values?.requestsPerMinute ?? saved.requestsPerMinute}
      />
      <div className="flex items-center gap-3 sm:col-span-2">
        <SubmitButton variant="secondary" pendingLabel="Saving…">
          Save
        </SubmitButton>
        <FormNote state={state} />
      </div>
    </form>
  )
}
