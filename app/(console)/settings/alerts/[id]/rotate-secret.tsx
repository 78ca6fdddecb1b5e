'use client'

import { useActionState } from 'react'
import { FormErrors } from '#ui/form-messages'
import { SecretOnce } from '#ui/secret-once'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { OVERLAP_CHOICES } from '../../../_parts/overlap-choices'
import { rotateSecretAction } from '../actions'

/** Makes a new signing secret and shows it, this once. */
export function RotateSecret({ id }: { id: string }) {
  const [state, rotate] = useActionState(rotateSecretAction, null)
  return (
    <div className="flex flex-col gap-4">
      <div role="status" className="empty:-mb-4">
        {state?.secret && <SecretOnce key={state.at} label="New signing secret" secret={state.secret} />}
      </div>
      {state && !state.ok && <FormErrors title={state.message} />}
      <form action={rotate} className="flex flex-wrap items-end gap-3">
        <input type="hidden" name="id" value={id} />
        <SelectField
          name="overlap"
          label="The present one goes on working"
          options={OVERLAP_CHOICES}
          defaultValue="day"
          className="w-60"
        />
        <SubmitButton variant="secondary" pendingLabel="Making it…">
          Make a new secret
        </SubmitButton>
      </form>
    </div>
  )
}
