'use client'

import { RotateCw } from 'lucide-react'
import { useActionState, useEffect } from 'react'
import { SubmitButton } from '#ui/submit-button'
import { showToast } from '#ui/toaster'
import { retryAction } from './actions'

/** One click, one send: whatever comes of it, also a refusal, is said in a toast. */
export function RetryButton({ id, label }: { id: string; label: string }) {
  const [state, submit] = useActionState(retryAction, null)
  useEffect(() => {
    if (state) showToast(state.message, state.ok ? 'ok' : 'bad')
  }, [state])
  return (
    <form action={submit}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton icon={RotateCw} pendingLabel="Asking…">
        {label}
      </SubmitButton>
    </form>
  )
}
