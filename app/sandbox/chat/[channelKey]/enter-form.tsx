'use client'

import { useActionState } from 'react'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { FormNote } from '../../_parts/form-note'
import { enterAction } from './actions'

/** A visitor gives a name before writing. */
export function EnterForm() {
  const [state, action] = useActionState(enterAction, {})
  return (
    <form action={action} className="m-auto w-full max-w-[24rem] px-4">
      <h1 className="text-xl font-semibold tracking-tight">Chat with us</h1>
      <p className="mt-1 mb-4 text-muted">
        You play a customer. What you write goes through Patchbay into the sandbox’s inbox.
      </p>
      <TextField
        name="name"
        label="Your name"
        autoComplete="off"
        maxLength={80}
        defaultValue={state.values?.name}
        required
      />
      <div className="mt-3">
        <SubmitButton>Start chatting</SubmitButton>
      </div>
      <FormNote state={state} />
    </form>
  )
}
