'use client'

import { useActionState } from 'react'
import type { FormState } from '#lib/forms/form-state'
import type { AuthorizationRequest } from '#lib/oauth/authorization'
import { type Choice, RadioCards } from '#ui/choice-fields'
import { FormErrors } from '#ui/form-messages'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { allowAction, denyAction } from './actions'

type Channel = { id: string; name: string; isNew: boolean }
type Props = { appKey: string; asked: AuthorizationRequest; isShared: boolean; channels: Channel[] }

/** What to connect, and the two ways to go on. */
export function ConsentForm({ appKey, asked, isShared, channels }: Props) {
  const [state, allow] = useActionState<FormState | null, FormData>(allowAction, null)
  const kept = (
    <>
      <input type="hidden" name="appKey" value={appKey} />
      {Object.entries(asked).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  )
  return (
    <>
      <form action={allow} className="mt-6 flex flex-col gap-5">
        {kept}
        {state && <FormErrors title={state.message} />}
        {!isShared && channels.length > 0 && (
          <RadioCards
            name="choice"
            label="Which channel?"
            choices={[...channels.map(toChoice), NEW]}
            defaultValue={channels[0]?.id}
          />
        )}
        <TextField
          name="name"
          label={isShared ? 'Name of this account in Front' : 'Name of a new channel'}
          hint={!isShared && channels.length > 0 ? 'Only for a new channel.' : undefined}
          error={state?.errors?.name}
          maxLength={100}
        />
        {!isShared && (
          <TextField
            name="address"
            label="Address of a new channel"
            hint="What Front shows as the channel’s address, such as a phone number or the name of the account. Each channel needs its own. May stay empty."
            error={state?.errors?.address}
            maxLength={200}
          />
        )}
        <SubmitButton pendingLabel="Connecting" className="w-full">
          Allow
        </SubmitButton>
      </form>
      <form action={denyAction} className="mt-3">
        {kept}
        <SubmitButton variant="quiet" pendingLabel="Going back" className="w-full">
          Do not allow
        </SubmitButton>
      </form>
    </>
  )
}

const NEW: Choice = {
  value: 'new',
  title: 'A new channel',
  description: 'Front’s first call makes it, with the name below.',
}

function toChoice({ id, name, isNew }: Channel): Choice {
  const description = isNew ? 'Prepared, and waiting for Front.' : 'Connected before; this connects it again.'
  return { value: id, title: name, description }
}
