'use client'

import { useActionState } from 'react'
import { SubmitButton } from '#ui/submit-button'
import { FormNote } from '../_parts/form-note'
import { exploreApplicationAction } from './actions'

export function ExploreApplicationForm() {
  const [state, action] = useActionState(exploreApplicationAction, {})
  return (
    <form action={action} className="flex flex-wrap items-center gap-3">
      <SubmitButton variant="secondary" pendingLabel="Connecting…">
        Explore an application channel
      </SubmitButton>
      {state.error && <FormNote state={state} />}
    </form>
  )
}
