'use client'

import { useActionState } from 'react'
import { Disclosure } from '#ui/disclosure'
import { type Option, SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { FormNote } from '../../_parts/form-note'
import { mergeAction } from './actions'

/** Makes one of two conversations, which then has the external ids of both. */
export function MergeForm({ fromId, others }: { fromId: string; others: Option[] }) {
  const [state, action] = useActionState(mergeAction, {})
  return (
    <div className="border-t border-rule px-4 py-3">
      <Disclosure summary="Merge with another conversation">
        <form action={action} className="flex flex-wrap items-end gap-3">
          <input type="hidden" name="fromId" value={fromId} />
          <SelectField name="intoId" label="Merge into" options={others} className="w-72 max-w-full" />
          <SubmitButton variant="secondary" pendingLabel="Merging…">
            Merge
          </SubmitButton>
          <FormNote state={state} />
        </form>
      </Disclosure>
    </div>
  )
}
