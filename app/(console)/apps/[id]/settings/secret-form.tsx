'use client'

import type { FormState } from '#lib/forms/form-state'
import { ActionStatus, FormErrors } from '#ui/form-messages'
import { PasswordField } from '#ui/password-field'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { useFormAction } from '#ui/use-form-action'
import { OVERLAP_CHOICES } from '../../../_parts/overlap-choices'
import { rotateSecretAction } from './actions'

/** Takes in the secret that Front made. Emptied once it is stored. */
export function SecretForm({ appId }: { appId: string }) {
  const { state, pending, formProps } = useFormAction<(FormState & { at?: number }) | null>(
    async (previous, form) => ({ ...(await rotateSecretAction(previous, form)), at: Date.now() }),
    null,
  )
  const errors = state?.errors ?? {}
  return (
    <form
      key={state?.ok ? state.at : ''}
      {...formProps}
      noValidate
      aria-label="Change the app secret"
      className="flex flex-col items-start gap-4"
    >
      <input type="hidden" name="appId" value={appId} />
      {state && !state.ok && !errors.secret && <FormErrors title={state.message} />}
      <PasswordField
        name="secret"
        label="New app secret (signing key)"
        hint="From the app’s Settings tab in Front. Not the OAuth client secret."
        required
        autoComplete="off"
        className="w-full max-w-md"
        error={errors.secret}
      />
      <SelectField
        name="overlap"
        label="The present one goes on verifying Front’s calls"
        options={OVERLAP_CHOICES}
        defaultValue="day"
        className="w-full max-w-md"
      />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton variant="secondary" pending={pending} pendingLabel="Storing…">
          Store the new secret
        </SubmitButton>
        <ActionStatus message={state?.ok && !pending ? state.message : null} />
      </div>
    </form>
  )
}
