'use client'

import { RotateCw } from 'lucide-react'
import { useActionState } from 'react'
import type { ConfirmState } from '#ui/confirm-dialog'
import { SubmitButton } from '#ui/submit-button'
import { showToast } from '#ui/toaster'

type Action = (previous: ConfirmState | null, form: FormData) => Promise<ConfirmState>

/** One click tells it once more; whatever comes of it is said in a toast. */
export function ReportRetry({ id, action }: { id: string; action: Action }) {
  // Not in an effect: a success takes this button off the page.
  const [, submit, pending] = useActionState(async (previous: ConfirmState | null, form: FormData) => {
    const answer = await action(previous, form)
    showToast(answer.message ?? '', answer.ok ? 'ok' : 'bad')
    return answer
  }, null)
  return (
    <form action={submit}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton icon={RotateCw} size="sm" pending={pending} pendingLabel="Asking…">
        Retry
      </SubmitButton>
    </form>
  )
}
