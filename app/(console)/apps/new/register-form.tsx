'use client'

import { ButtonLink } from '#ui/button'
import { FormErrors } from '#ui/form-messages'
import { PasswordField } from '#ui/password-field'
import { Section, Stack } from '#ui/section'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { useFormAction } from '#ui/use-form-action'
import { errorList } from '../../channels/_parts/form-errors'
import { AuthFields, IdentityFields, NoteFields } from '../_parts/app-fields'
import { registerAppAction } from './actions'
import { RegisteredPanel } from './registered-panel'

type Company = { id: string; name: string; isSandbox: boolean }

export function RegisterForm({ companies }: { companies: readonly Company[] }) {
  const { state, pending, formProps } = useFormAction(registerAppAction, null)
  if (state && 'registered' in state) return <RegisteredPanel {...state.registered} />
  const failed = state?.failed
  const errors = failed?.errors ?? {}
  return (
    <form {...formProps} noValidate aria-label="Register an app" className="max-w-3xl">
      <Stack>
        {failed && (
          <FormErrors
            title={failed.errors ? 'Some fields need another look.' : failed.message}
            errors={errorList(errors)}
          />
        )}
        <Section title="The app in Front">
          <div className="flex flex-col gap-6">
            <SelectField
              name="companyId"
              label="Company"
              options={companies.map(({ id, name, isSandbox }) => ({
                value: id,
                label: isSandbox ? `${name} (sandbox)` : name,
              }))}
              defaultValue={(companies.find(({ isSandbox }) => !isSandbox) ?? companies[0])?.id}
              error={errors.companyId}
              className="max-w-md"
            />
            <IdentityFields values={{}} errors={errors} />
            <AppSecretField error={errors.secret} label="App secret (signing key), not the OAuth client secret" />
          </div>
        </Section>
        <Section title="How Front proves who it is">
          <div className="flex flex-col gap-6">
            <AuthFields values={{}} errors={errors} />
          </div>
        </Section>
        <Section
          title="As it is set in Front"
          description="For colleagues, since Front does not tell. Nothing depends on it."
        >
          <div className="flex flex-col gap-6">
            <NoteFields values={{}} errors={errors} />
          </div>
        </Section>
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending={pending} pendingLabel="Registering…">
            Register the app
          </SubmitButton>
          <ButtonLink href="/apps" variant="quiet">
            Cancel
          </ButtonLink>
        </div>
      </Stack>
    </form>
  )
}

/** Front shows two secrets on two tabs of an app, and people paste the wrong one. */
export function AppSecretField({ label, error }: { label: string; error: string | undefined }) {
  return (
    <PasswordField
      name="secret"
      label={label}
      hint="On the same tab as the App UID. Front signs its calls with it, and Patchbay its own. Stored encrypted; never shown again."
      required
      autoComplete="off"
      className="max-w-md"
      error={error}
    />
  )
}
