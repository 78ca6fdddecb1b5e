'use client'

import { useActionState } from 'react'
import type { KeyPurpose } from '#db/schema/channel-keys'
import { FormErrors } from '#ui/form-messages'
import { SecretOnce } from '#ui/secret-once'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { OVERLAP_CHOICES } from '../../../_parts/overlap-choices'
import { rotateKeyAction } from './actions'

type Props = { channelId: string; purpose: KeyPurpose; title: string }

/** Makes a new key and shows it, this once. */
export function RotateKey({ channelId, purpose, title }: Props) {
  const [state, rotate] = useActionState(rotateKeyAction, null)
  return (
    <div className="flex flex-col gap-4">
      <div role="status" className="empty:-mb-4">
        {state?.ok && <SecretOnce key={state.at} label={`New ${title.toLowerCase()}`} secret={state.secret} />}
      </div>
      {state && !state.ok && <FormErrors title={state.message} />}
      <form action={rotate} className="flex flex-wrap items-end gap-3">
        <input type="hidden" name="channelId" value={channelId} />
        <input type="hidden" name="purpose" value={purpose} />
        <SelectField
          name="overlap"
          id={`overlap-${purpose}`}
          label="The present one goes on working"
          options={OVERLAP_CHOICES}
          defaultValue="day"
          className="w-60"
        />
        <SubmitButton variant="secondary" pendingLabel="Making it…">
          {purpose === 'incoming' ? 'Make a new key' : 'Make a new secret'}
        </SubmitButton>
      </form>
    </div>
  )
}
