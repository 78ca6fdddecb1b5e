'use client'

import { RotateCw } from 'lucide-react'
import { useActionState } from 'react'
import { SubmitButton } from '#ui/submit-button'
import { showToast } from '#ui/toaster'
import { retryAction } from './actions'

/** One click, one send: whatever comes of it, also a refusal, is said in a toast. */
export function RetryButton({ id, label }: { id: string; label: string }) {
  // Not in an effect: a success takes this button off the page.
  const [, submit] = useActionState(async (previous: unknown, form: FormData) => {
    const answer = await retryAction(previous, form)
    showToast(answer.message, answer.ok ? 'ok' : 'bad')
    return answer
  }, null)
  return (
    <form action={submit}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton icon={RotateCw} pendingLabel="Asking…">
        {label}
      </SubmitButton>
    </form>
  )
}
