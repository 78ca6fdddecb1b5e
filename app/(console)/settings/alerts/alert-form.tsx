'use client'

import { useActionState } from 'react'
import type { AlertDestinationKind } from '#db/schema/alerts'
import type { AlertWishes } from '#lib/flows/alert-destinations'
import { ButtonLink } from '#ui/button'
import { ActionStatus, FormErrors } from '#ui/form-messages'
import { SecretOnce } from '#ui/secret-once'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { KeepForm } from '../../channels/_parts/keep-form'
import { type AlertState, addDestinationAction, changeDestinationAction } from './actions'
import { ChannelFields } from './channel-fields'
import { PlaceFields } from './place-fields'
import { QuietFields } from './quiet-fields'
import { TroubleFields } from './trouble-fields'

export type EditedDestination = AlertWishes & {
  /** Null for a new one. */
  id: string | null
  kind: AlertDestinationKind
  shown: string
}

type Props = {
  destination: EditedDestination
  channels: { id: string; name: string }[]
  zones: readonly string[]
  /** Variables that e-mail still needs. */
  missing: readonly string[]
}

/** Who is told of what, and when: the same form for a new destination and for one that is changed. */
export function AlertForm({ destination, channels, zones, missing }: Props) {
  const isNew = destination.id === null
  const action = isNew ? addDestinationAction : changeDestinationAction
  const [state, send, pending] = useActionState<AlertState | null, FormData>(action, null)
  if (state?.secret) return <Added secret={state.secret} id={state.id ?? ''} />
  const errors = state?.errors ?? {}
  return (
    <KeepForm send={send} className="flex max-w-2xl flex-col gap-6">
      {state && !state.ok && <FormErrors title={state.message} />}
      <input type="hidden" name="id" value={destination.id ?? ''} />
      <TextField
        name="name"
        label="Name"
        hint="For this page and the log, such as “Night shift”."
        defaultValue={destination.name}
        error={errors.name}
        required
      />
      <PlaceFields destination={destination} missing={missing} errors={errors} />
      <TroubleFields wishes={destination} errors={errors} />
      <ChannelFields chosen={destination.channelIds} channels={channels} errors={errors} />
      <QuietFields wishes={destination} zones={zones} errors={errors} />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton pending={pending} pendingLabel="Saving…">
          {isNew ? 'Add the destination' : 'Save'}
        </SubmitButton>
        <ActionStatus message={state?.ok ? state.message : null} />
      </div>
    </KeepForm>
  )
}

function Added({ secret, id }: { secret: string; id: string }) {
  return (
    <div className="flex max-w-2xl flex-col gap-4" role="status">
      <SecretOnce label="Signing secret" secret={secret}>
        Every event is signed with it by Standard Webhooks. Copy it now. It is not shown again.
      </SecretOnce>
      <div>
        <ButtonLink href={`/settings/alerts/${id}`} variant="primary">
          Go on and send a test
        </ButtonLink>
      </div>
    </div>
  )
}

export type FieldErrors = Record<string, string>
