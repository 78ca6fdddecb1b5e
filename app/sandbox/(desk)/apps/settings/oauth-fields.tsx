'use client'

import { CopyField } from '#ui/code-block'
import { PasswordField } from '#ui/password-field'
import { TextField } from '#ui/text-field'

type Typed = {
  authorizeUrl: string | null
  tokenUrl: string | null
  refreshUrl: string | null
  introspectionUrl: string | null
  clientId: string | null
  hasClientSecret: boolean
}

/** Where the server gives tokens, and as whom Front asks for them. */
export function OAuthFields({ method, typed, redirectUri }: { method: string; typed: Typed; redirectUri: string }) {
  return (
    <fieldset className="grid gap-4 rounded-md border border-rule px-4 pt-3 pb-4 sm:col-span-2 sm:grid-cols-2">
      <legend className="px-1 text-sm font-medium">OAuth</legend>
      {method === 'oauth' && (
        <>
          <Url name="authorizeUrl" label="Authorize URL" value={typed.authorizeUrl} />
          <div className="sm:col-span-2">
            <CopyField
              label="Redirect URI"
              text={redirectUri}
              hint="Where sign-ins come back to. Patchbay allows it for the sandbox by itself."
            />
          </div>
        </>
      )}
      <Url name="tokenUrl" label="Token URL" value={typed.tokenUrl} />
      <Url name="refreshUrl" label="Refresh URL" value={typed.refreshUrl} hint="Left empty, the token URL refreshes." />
      <Url
        name="introspectionUrl"
        label="Token introspection URL"
        value={typed.introspectionUrl}
        hint="Names the channel and its address. Left empty, the address is random."
      />
      {method !== 'client_credentials' && (
        <>
          <TextField name="clientId" label="Client ID" mono defaultValue={typed.clientId ?? ''} />
          <PasswordField
            name="clientSecret"
            label="Client secret"
            hint={typed.hasClientSecret ? 'Left empty, the one before stays.' : 'Patchbay’s, not the app secret above.'}
            autoComplete="off"
          />
        </>
      )}
    </fieldset>
  )
}

function Url({ name, label, value, hint }: { name: string; label: string; value: string | null; hint?: string }) {
  return <TextField name={name} label={label} hint={hint} mono defaultValue={value ?? ''} className="sm:col-span-2" />
}
