'use client'

import { useActionState } from 'react'
import { SubmitButton } from '#ui/submit-button'
import { writeAgainAction } from './actions'

/** A line that Patchbay did not take, and the way to try once more. */
export function AgainForm({ channelKey, lineId, error }: { channelKey: string; lineId: string; error: string }) {
  const [state, action] = useActionState(writeAgainAction, {})
  return (
    <form action={action} className="mt-1 flex flex-wrap items-center justify-end gap-2 text-sm text-bad">
      <input type="hidden" name="channelKey" value={channelKey} />
      <input type="hidden" name="lineId" value={lineId} />
      <p role="alert" className="min-w-0 wrap-anywhere">
        Not sent. {state.error ?? error}
      </p>
      <SubmitButton variant="secondary" size="sm" pendingLabel="Sending…">
        Try again
      </SubmitButton>
    </form>
  )
}
