import { AUTH_METHODS, COMPOSERS, CREDENTIAL_SCOPES, TIMELINES } from '#db/schema/apps'
import { AUTH_WORDS, SCOPE_WORDS } from '#lib/channels/app-words'
import { RadioCards } from '#ui/choice-fields'
import { Disclosure } from '#ui/disclosure'
import { TextAreaField, TextField } from '#ui/text-field'

export type Fields = { values: Record<string, string>; errors: Record<string, string> }

/** What Front calls the app. */
export function IdentityFields({ values, errors }: Fields) {
  return (
    <>
      <TextField
        name="name"
        label="Name"
        hint="Here only; the same as in Front is easiest."
        required
        maxLength={100}
        className="max-w-md"
        defaultValue={values.name}
        error={errors.name}
      />
      <TextField
        name="uid"
        label="App UID"
        hint="In Front: Settings, Developers, the app, its Settings tab (Basic information in older layouts)."
        placeholder="64711a73def367ca"
        required
        mono
        autoComplete="off"
        className="max-w-md"
        defaultValue={values.uid}
        error={errors.uid}
      />
    </>
  )
}

/** How Front proves for whom it calls. Has to be the same as in the app's settings in Front. */
export function AuthFields({ values, errors }: Fields) {
  const method = values.authMethod ?? 'api_token'
  return (
    <>
      <RadioCards
        name="authMethod"
        label="Authentication"
        hint="The same as in the app’s settings in Front."
        columns={2}
        defaultValue={method}
        error={errors.authMethod}
        choices={AUTH_METHODS.filter(isUsual).map((value) => ({ value, ...AUTH_WORDS[value] }))}
      />
      <Disclosure summary="Other ways, for channels that are made through Front’s API" open={!isUsual(method)}>
        <RadioCards
          name="authMethod"
          id="field-authMethod-other"
          label="Other ways"
          columns={2}
          defaultValue={method}
          choices={AUTH_METHODS.filter((value) => !isUsual(value)).map((value) => ({ value, ...AUTH_WORDS[value] }))}
        />
      </Disclosure>
      <RadioCards
        name="credentials"
        label="What one connection opens"
        columns={2}
        defaultValue={values.credentials ?? 'private'}
        error={errors.credentials}
        choices={CREDENTIAL_SCOPES.map((value) => ({ value, ...SCOPE_WORDS[value] }))}
      />
    </>
  )
}

/** What Front's app settings themselves offer. */
function isUsual(method: string): boolean {
  return method === 'api_token' || method === 'oauth'
}

const COMPOSER_WORDS = {
  basic: { title: 'Basic', description: 'Plain text, as in a chat or SMS.' },
  advanced: { title: 'Advanced', description: 'Formatted text with a subject, as in e-mail.' },
}
const TIMELINE_WORDS = {
  standard: { title: 'Standard', description: 'One message under the other, like e-mail.' },
  chat: { title: 'Chat', description: 'Bubbles, left and right.' },
}

/** How the app is set in Front. Kept so that people here know what to expect; Front does not tell it. */
export function NoteFields({ values, errors }: Fields) {
  return (
    <>
      <RadioCards
        name="composer"
        label="Composer"
        columns={2}
        defaultValue={values.composer ?? 'basic'}
        error={errors.composer}
        choices={COMPOSERS.map((value) => ({ value, ...COMPOSER_WORDS[value] }))}
      />
      <RadioCards
        name="timeline"
        label="Timeline"
        columns={2}
        defaultValue={values.timeline ?? 'standard'}
        error={errors.timeline}
        choices={TIMELINES.map((value) => ({ value, ...TIMELINE_WORDS[value] }))}
      />
      <TextAreaField
        name="notes"
        label="Notes"
        hint="For colleagues: who looks after the app, what it is for."
        required={false}
        rows={3}
        defaultValue={values.notes}
        error={errors.notes}
      />
    </>
  )
}
