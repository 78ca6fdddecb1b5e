'use client'

import { useActionState } from 'react'
import type { Role } from '#db/schema/users'
import type { FormState } from '#lib/forms/form-state'
import { type Choice, RadioCards } from '#ui/choice-fields'
import { ActionStatus } from '#ui/form-messages'
import { PasswordField } from '#ui/password-field'
import { SecretOnce } from '#ui/secret-once'
import { SubmitButton } from '#ui/submit-button'
import { changeRoleAction, type PasswordState, resetPasswordAction } from '../actions'

export function RoleForm({ userId, role, roles }: { userId: string; role: Role; roles: Choice[] }) {
  const [state, action] = useActionState<FormState | null, FormData>(changeRoleAction, null)
  return (
    <form action={action} className="flex max-w-2xl flex-col gap-4">
      <input type="hidden" name="userId" value={userId} />
      <RadioCards
        key={role}
        name="role"
        label="What this person may do"
        choices={roles}
        defaultValue={role}
        columns={2}
      />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton pendingLabel="Saving">Save the role</SubmitButton>
        <ActionStatus message={state?.message} tone={state?.ok ? 'ok' : 'bad'} />
      </div>
    </form>
  )
}

export function ResetPasswordForm({ userId, email }: { userId: string; email: string }) {
  const [state, action] = useActionState<PasswordState | null, FormData>(resetPasswordAction, null)
  return (
    <form action={action} className="flex max-w-sm flex-col gap-4">
      <input type="hidden" name="userId" value={userId} />
      <PasswordField
        name="password"
        label="Password"
        hint="Leave it empty to have a strong one made."
        autoComplete="new-password"
        error={state?.errors?.password}
        required={false}
      />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton pendingLabel="Changing">Set the password</SubmitButton>
        <ActionStatus message={state?.errors?.password ? null : state?.message} tone={state?.ok ? 'ok' : 'bad'} />
      </div>
      {state?.password && (
        <SecretOnce label="New password" secret={state.password}>
          Give it to {email} now. It is not shown again.
        </SecretOnce>
      )}
    </form>
  )
}
