'use client'

import { useActionState } from 'react'
import { FormErrors } from '#ui/form-messages'
import { PasswordField } from '#ui/password-field'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { type SignInState, signInAction } from './actions'

export function SignInForm({ next }: { next: string }) {
  const [state, action] = useActionState<SignInState | null, FormData>(signInAction, null)
  return (
    <form action={action} className="mt-6 flex flex-col gap-5">
      <input type="hidden" name="next" value={next} />
      {state && <FormErrors title={state.message} />}
      <TextField
        name="email"
        label="E-mail"
        type="email"
        autoComplete="username"
        autoFocus={!state?.email}
        defaultValue={state?.email}
        required
      />
      <PasswordField name="password" label="Password" autoComplete="current-password" required />
      <SubmitButton pendingLabel="Signing in" className="w-full">
        Sign in
      </SubmitButton>
    </form>
  )
}
