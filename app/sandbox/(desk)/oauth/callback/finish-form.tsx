'use client'

import { useActionState, useEffect, useRef } from 'react'
import { ButtonLink } from '#ui/button'
import { SubmitButton } from '#ui/submit-button'
import { FormNote } from '../../../_parts/form-note'
import { finishSignInAction } from '../../connect/actions'

/** Sends itself as soon as it is there; the button is for a page that has not woken up. */
export function FinishForm({ values }: { values: Record<string, string> }) {
  const [state, action] = useActionState(finishSignInAction, {})
  const form = useRef<HTMLFormElement>(null)
  const wasSent = useRef(false)
  useEffect(() => {
    if (wasSent.current) return
    wasSent.current = true
    form.current?.requestSubmit()
  }, [])
  if (state.error) {
    return (
      <>
        <FormNote state={state} />
        <ButtonLink href="/sandbox/connect" className="mt-3">
          Connect again
        </ButtonLink>
      </>
    )
  }
  return (
    <form ref={form} action={action} className="flex flex-wrap items-center gap-3">
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton pendingLabel="Asking the server…">Continue</SubmitButton>
    </form>
  )
}
