'use client'

import { Send } from 'lucide-react'
import { useActionState } from 'react'
import { FormErrors } from '#ui/form-messages'
import { SubmitButton } from '#ui/submit-button'
import { testDestinationAction } from '../actions'

export function SendTest({ id }: { id: string }) {
  const [state, send] = useActionState(testDestinationAction, null)
  return (
    <form action={send} className="flex flex-col items-start gap-3">
      <input type="hidden" name="id" value={id} />
      <SubmitButton icon={Send} pendingLabel="Sending…">
        Send a test
      </SubmitButton>
      {state && !state.ok && <FormErrors title={state.message} />}
    </form>
  )
}
