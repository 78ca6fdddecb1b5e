'use client'

import { type FormEvent, useActionState } from 'react'
import { type Choice, RadioCards } from '#ui/choice-fields'
import { ActionStatus, FormErrors } from '#ui/form-messages'
import { PasswordField } from '#ui/password-field'
import { SecretOnce } from '#ui/secret-once'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { addPersonAction, type PasswordState } from './actions'

export function AddPersonForm({ roles }: { roles: Choice[] }) {
  const [state, action] = useActionState<PasswordState | null, FormData>(addPersonAction, null)
  const errors = state?.errors ?? {}
  // A refused form keeps what was typed; React empties it only after somebody was added.
  const keep = (event: FormEvent) => state && !state.ok && event.preventDefault()
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <form action={action} onReset={keep} className="flex flex-col gap-4">
        {state && !state.ok && <FormErrors title={state.message} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField name="name" label="Name" autoComplete="off" error={errors.name} required />
          <TextField name="email" label="E-mail" type="email" autoComplete="off" error={errors.email} required />
        </div>
        <RadioCards name="role" label="Role" choices={roles} defaultValue="support" columns={2} error={errors.role} />
        <PasswordField
          name="password"
          label="First password"
          hint="Leave it empty to have a strong one made."
          autoComplete="new-password"
          error={errors.password}
          required={false}
          className="max-w-sm"
        />
        <div className="flex flex-wrap items-center gap-3">
          <SubmitButton pendingLabel="Adding">Add the person</SubmitButton>
          <ActionStatus message={state?.ok ? state.message : null} />
        </div>
      </form>
      {state?.password && (
        <SecretOnce label="First password" secret={state.password}>
          Give it to {state.email} now. It is not shown again.
        </SecretOnce>
      )}
    </div>
  )
}
