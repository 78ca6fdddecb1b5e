'use client'

import { useActionState } from 'react'
import { SubmitButton } from '#ui/submit-button'
import { FormNote } from '../../_parts/form-note'
import { reauthorizeAction, signInAction } from '../connect/actions'
import { type CredentialField, CredentialFields } from '../connect/credential-fields'

type Props = {
  channel: { id: string; inboxId: string }
  app: { uid: string; signsIn: boolean }
  fields: CredentialField[]
}

/** Asks the server again, with the credential that Front has or another one; by OAuth through a new sign-in. */
export function ReauthorizeForm({ channel, app, fields }: Props) {
  const [state, action] = useActionState(app.signsIn ? signInAction : reauthorizeAction, {})
  return (
    <form action={action} className="flex max-w-xl flex-col gap-3">
      <input type="hidden" name="channelId" value={channel.id} />
      {app.signsIn && (
        <>
          <input type="hidden" name="app" value={app.uid} />
          <input type="hidden" name="inboxId" value={channel.inboxId} />
          <input type="hidden" name="name" value="" />
        </>
      )}
      <CredentialFields
        fields={fields}
        idPrefix={channel.id}
        hint="Left empty, the one that Front has is used."
        required={false}
      />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton variant="secondary" pendingLabel="Asking the server…">
          {app.signsIn ? 'Sign in again' : 'Authenticate again'}
        </SubmitButton>
        <FormNote state={state} />
      </div>
    </form>
  )
}
