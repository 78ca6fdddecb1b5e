'use client'

import { useActionState } from 'react'
import { type Option, SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { FormNote } from '../../_parts/form-note'
import { connectAction, signInAction } from './actions'
import { type CredentialField, CredentialFields } from './credential-fields'

type Props = {
  app: { uid: string; name: string; signsIn: boolean }
  fields: CredentialField[]
  inboxes: Option[]
}

/** Where the channel goes, and what its server knows it by; an app with OAuth leads to its own page instead. */
export function ConnectForm({ app, fields, inboxes }: Props) {
  const [state, action] = useActionState(app.signsIn ? signInAction : connectAction, {})
  return (
    <form action={action} className="flex max-w-xl flex-col gap-4">
      <input type="hidden" name="app" value={app.uid} />
      <SelectField name="inboxId" label="Inbox" options={inboxes} defaultValue={state.values?.inboxId} />
      <TextField
        name="name"
        label="Channel name"
        hint="Left empty, the server’s name for it is taken, or the app’s."
        required={false}
        defaultValue={state.values?.name}
      />
      <CredentialFields fields={fields} />
      {app.signsIn && (
        <p className="text-sm wrap-anywhere text-muted">
          You are led to a page of {app.name}, where you allow the connection, and back.
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton pendingLabel="Connecting…">{app.signsIn ? 'Sign in' : 'Connect'}</SubmitButton>
        <FormNote state={state} />
      </div>
    </form>
  )
}
