'use client'

import { useActionState } from 'react'
import type { AuthMethod } from '#db/schema/apps'
import { FormErrors } from '#ui/form-messages'
import { SubmitButton } from '#ui/submit-button'
import { ConnectKeyFields } from '../_parts/connect-key-fields'
import { newConnectKeyAction } from './new-connect-key-action'

/** For whoever no longer has the key that was shown when the channel was prepared. */
export function NewConnectKey({ channelId, authMethod }: { channelId: string; authMethod: AuthMethod }) {
  const [state, make] = useActionState(newConnectKeyAction, null)
  return (
    <div className="flex flex-col gap-4">
      <div role="status" className="flex flex-col gap-4 empty:-mb-4">
        {state?.connectKey && (
          <ConnectKeyFields key={state.connectKey.user} authMethod={authMethod} connectKey={state.connectKey} />
        )}
      </div>
      {state?.message && <FormErrors title={state.message} />}
      <form action={make} className="flex flex-wrap items-center gap-3">
        <input type="hidden" name="channelId" value={channelId} />
        <SubmitButton variant="secondary" pendingLabel="Making it…">
          Make a new connect key
        </SubmitButton>
        <p className="text-sm text-muted">If the first one is lost. It goes on working until it is revoked.</p>
      </form>
    </div>
  )
}
