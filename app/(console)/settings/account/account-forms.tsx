'use client'

import { type FormEvent, useActionState } from 'react'
import type { FormState } from '#lib/forms/form-state'
import { ActionStatus } from '#ui/form-messages'
import { PasswordField } from '#ui/password-field'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { changePasswordAction, renameAction } from './actions'

export function NameForm({ name }: { name: string }) {
  const [state, action] = useActionState<FormState | null, FormData>(renameAction, null)
  return (
    <form action={action} className="flex max-w-sm flex-col gap-4">
      <TextField
        key={name}
        name="name"
        label="Name"
        autoComplete="name"
        defaultValue={name}
        error={state?.errors?.name}
        required
      />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton variant="secondary" pendingLabel="Saving">
          Save the name
        </SubmitButton>
        <ActionStatus message={state?.ok ? state.message : null} />
      </div>
    </form>
  )
}

export function PasswordForm() {
  const [state, action] = useActionState<FormState | null, FormData>(changePasswordAction, null)
  const errors = state?.errors ?? {}
  const onField = errors.current ?? errors.password
  // A refused form keeps what was typed; React empties it only after the change.
  const keep = (event: FormEvent) => state && !state.ok && event.preventDefault()
  return (
    <form action={action} onReset={keep} className="flex max-w-sm flex-col gap-4">
      <PasswordField
        name="current"
        label="Present password"
        autoComplete="current-password"
        error={errors.current}
        required
      />
      <PasswordField
        name="password"
        label="New password"
        hint="At least 12 characters. Three or four unrelated words make a good one."
        autoComplete="new-password"
        error={errors.password}
        required
      />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton pendingLabel="Changing">Change the password</SubmitButton>
        <ActionStatus message={onField ? null : state?.message} tone={state?.ok ? 'ok' : 'bad'} />
      </div>
    </form>
  )
}
