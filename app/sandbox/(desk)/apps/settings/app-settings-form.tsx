'use client'

import { useActionState, useState } from 'react'
import type { AuthMethod } from '#db/schema/apps'
import { usesOAuth } from '#lib/sandbox/apps/app-words'
import { CheckboxField } from '#ui/choice-fields'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { FormNote } from '../../../_parts/form-note'
import { saveAppAction } from '../actions'
import { AUTH_OPTIONS, SCOPE_OPTIONS, VARIANT_OPTIONS } from '../options'
import { OAuthFields } from './oauth-fields'
import type { PlainApp } from './page'

const CONTACT_TYPES = [
  { value: 'custom', label: 'Custom' },
  { value: 'email', label: 'Email' },
  { value: 'phone', label: 'Phone' },
]

/** An app's settings. The OAuth fields come and go with the way to authenticate. */
export function AppSettingsForm({ app, redirectUri }: { app: PlainApp; redirectUri: string }) {
  const [state, action] = useActionState(saveAppAction, {})
  const [method, setMethod] = useState<string>(state.values?.authMethod ?? app.authMethod)
  const typed = { ...app, ...state.values }
  return (
    <form action={action} className="grid gap-4 sm:grid-cols-2">
      <input type="hidden" name="uid" value={app.uid} />
      <TextField name="name" label="App name" defaultValue={typed.name} required />
      <SelectField
        name="contactType"
        label="Channel contact type"
        options={CONTACT_TYPES}
        defaultValue={typed.contactType}
      />
      <TextField
        name="serverUrl"
        label="Server URL"
        hint="Where Front says that a channel is being connected."
        mono
        defaultValue={typed.serverUrl ?? ''}
        className="sm:col-span-2"
      />
      <SelectField
        name="authMethod"
        label="Server authentication"
        options={AUTH_OPTIONS}
        value={method}
        onChange={(event) => setMethod(event.target.value)}
      />
      <SelectField
        name="credentials"
        label="One connection is for"
        options={SCOPE_OPTIONS}
        defaultValue={typed.credentials}
      />
      {(method === 'api_token' || method === 'api_key') && (
        <SelectField
          name="credentialVariant"
          label={method === 'api_key' ? 'The API key travels as' : 'The API token travels as'}
          hint="Front documents the first form only."
          options={VARIANT_OPTIONS}
          defaultValue={typed.credentialVariant}
          className="sm:col-span-2"
        />
      )}
      {usesOAuth(method as AuthMethod) && <OAuthFields method={method} typed={typed} redirectUri={redirectUri} />}
      <CheckboxField
        name="takesTemplates"
        label="Templates"
        hint="The channel feature’s checkbox. Without it Front refuses message templates."
        defaultChecked={app.takesTemplates}
        className="sm:col-span-2"
      />
      <CheckboxField
        name="tellsConversationIds"
        label="Send external conversation ids with each message"
        hint="Seen in production, but not documented."
        defaultChecked={app.tellsConversationIds}
        className="sm:col-span-2"
      />
      <div className="flex items-center gap-3 sm:col-span-2">
        <SubmitButton pendingLabel="Saving…">Save</SubmitButton>
        <FormNote state={state} />
      </div>
    </form>
  )
}
