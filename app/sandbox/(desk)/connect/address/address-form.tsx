'use client'

import { useActionState } from 'react'
import { SubmitButton } from '#ui/submit-button'
import { FormNote } from '../../../_parts/form-note'
import { connectAddressAction } from '../actions'

type Props = { credentialId: string; inboxId: string; address: string; name: string }

export function AddressForm({ credentialId, inboxId, address, name }: Props) {
  const [state, action] = useActionState(connectAddressAction, {})
  return (
    <form action={action} className="flex flex-wrap items-center gap-3">
      <input type="hidden" name="credential" value={credentialId} />
      <input type="hidden" name="inboxId" value={inboxId} />
      <input type="hidden" name="address" value={address} />
      {state.error && <FormNote state={state} />}
      <SubmitButton variant="secondary" size="sm" pendingLabel="Connecting…" aria-label={`Connect ${name}`}>
        Connect
      </SubmitButton>
    </form>
  )
}
