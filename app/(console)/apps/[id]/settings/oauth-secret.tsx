'use client'

import { useActionState } from 'react'
import { CopyField } from '#ui/code-block'
import { FormErrors } from '#ui/form-messages'
import { SecretOnce } from '#ui/secret-once'
import { SubmitButton } from '#ui/submit-button'
import { makeOauthSecretAction } from './oauth-actions'

type Props = { appId: string; clientId: string; hasSecret: boolean }

/** Makes the OAuth client secret anew and shows it, this once. */
export function OauthSecret({ appId, clientId, hasSecret }: Props) {
  const [state, make] = useActionState(makeOauthSecretAction, null)
  return (
    <div className="flex flex-col gap-4">
      <CopyField label="Client ID" text={clientId} />
      <div role="status" className="empty:-mb-4">
        {state?.ok && (
          <SecretOnce key={state.at} label="New OAuth client secret" secret={state.secret}>
            Paste it into Front now: the one before has ended. It is not shown again.
          </SecretOnce>
        )}
      </div>
      {state && !state.ok && <FormErrors title={state.message} />}
      <form action={make} className="flex flex-wrap items-center gap-3">
        <input type="hidden" name="appId" value={appId} />
        <SubmitButton variant="secondary" pendingLabel="Making it…">
          {hasSecret ? 'Make a new client secret' : 'Make a client secret'}
        </SubmitButton>
        {hasSecret && (
          <p className="text-sm text-muted">The present one ends at once. Channels that are connected go on.</p>
        )}
      </form>
    </div>
  )
}
