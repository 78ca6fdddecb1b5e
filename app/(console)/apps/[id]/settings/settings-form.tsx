'use client'

import type { ReactNode } from 'react'
import type { FormState } from '#lib/forms/form-state'
import { RadioCards } from '#ui/choice-fields'
import { ActionStatus, FormErrors } from '#ui/form-messages'
import { Section, Stack } from '#ui/section'
import { SubmitButton } from '#ui/submit-button'
import { TextAreaField } from '#ui/text-field'
import { useFormAction } from '#ui/use-form-action'
import { errorList } from '../../../channels/_parts/form-errors'
import { AuthFields, type Fields, IdentityFields, NoteFields } from '../../_parts/app-fields'
import { saveAppAction } from './actions'

type Props = { appId: string; values: Record<string, string> }

export function AppSettingsForm({ appId, values }: Props) {
  const { state, pending, formProps } = useFormAction<FormState | null>(saveAppAction, null)
  const errors = state?.errors ?? {}
  return (
    <form {...formProps} noValidate aria-label="App settings">
      <input type="hidden" name="appId" value={appId} />
      <Stack>
        {state && !state.ok && (
          <FormErrors
            title={state.errors ? 'Some fields need another look.' : state.message}
            errors={errorList(errors)}
          />
        )}
        <Part title="App">
          <IdentityFields values={values} errors={errors} />
        </Part>
        <Part title="How Front proves who it is">
          <AuthFields values={values} errors={errors} />
        </Part>
        <ErrorStatusPart values={values} errors={errors} />
        <Part title="OAuth sign-ins" description="For apps with OAuth only.">
          <TextAreaField
            name="redirectHosts"
            label="Hosts that a sign-in may lead back to"
            hint="One a line. *.frontapp.com stands for every host below frontapp.com. Nobody is ever led anywhere else."
            rows={3}
            mono
            defaultValue={values.redirectHosts}
            error={errors.redirectHosts}
          />
        </Part>
        <Part
          title="As it is set in Front"
          description="For colleagues, since Front does not tell. Nothing depends on it."
        >
          <NoteFields values={values} errors={errors} />
        </Part>
        <div className="flex flex-wrap items-center gap-3">
          <SubmitButton pending={pending} pendingLabel="Saving…">
            Save the settings
          </SubmitButton>
          <ActionStatus message={state?.ok && !pending ? state.message : null} />
        </div>
      </Stack>
    </form>
  )
}

function Part({ title, description, children }: { title: string; description?: string; children: ReactNode }) {
  return (
    <Section title={title} description={description}>
      <div className="flex flex-col gap-6">{children}</div>
    </Section>
  )
}

function ErrorStatusPart({ values, errors }: Fields) {
  return (
    <Part title="Answers to Front">
      <RadioCards
        name="errorStatus"
        label="When a message cannot be delivered"
        hint="Patchbay answers with the reason, which Front shows to the teammate. Front does not say which HTTP status it wants with it."
        columns={2}
        defaultValue={values.errorStatus}
        error={errors.errorStatus}
        choices={[
          {
            value: 'ok',
            title: 'Always status 200',
            description: 'The usual choice: Front surely reads the reason.',
          },
          {
            value: 'matching',
            title: 'The matching status',
            description: '400, 401, 403, 404, 408, 429 or 500. Try it if Front does not show failures with 200.',
          },
        ]}
      />
    </Part>
  )
}
