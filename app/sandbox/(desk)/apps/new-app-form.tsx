'use client'

import { useActionState } from 'react'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { FormNote } from '../../_parts/form-note'
import { registerAppAction } from './actions'
import { AUTH_OPTIONS, SCOPE_OPTIONS } from './options'

/** The first three choices of an app; everything else follows on its page. */
export function NewAppForm() {
  const [state, action] = useActionState(registerAppAction, {})
  return (
    <form action={action} className="grid gap-4 sm:grid-cols-2">
      <TextField name="name" label="App name" defaultValue={state.values?.name} required className="sm:col-span-2" />
      <SelectField
        name="authMethod"
        label="Server authentication"
        hint="How the app’s server knows whose channel it is."
        options={AUTH_OPTIONS}
        defaultValue={state.values?.authMethod}
      />
      <SelectField
        name="credentials"
        label="One connection is for"
        hint="Several: the server lists addresses to choose from."
        options={SCOPE_OPTIONS}
        defaultValue={state.values?.credentials}
      />
      <div className="flex items-center gap-3 sm:col-span-2">
        <SubmitButton pendingLabel="Registering…">Register app</SubmitButton>
        <FormNote state={state} />
      </div>
    </form>
  )
}
