'use client'

import { type FormEvent, useActionState, useState } from 'react'
import { RadioCards } from '#ui/choice-fields'
import { FormErrors } from '#ui/form-messages'
import { PasswordField } from '#ui/password-field'
import { Section, Stack } from '#ui/section'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { type SetUpState, setUpAction } from './actions'
import { FrontFields } from './front-fields'

const STARTS = [
  {
    value: 'sandbox',
    title: 'Explore with the sandbox',
    description: 'A working channel on a stand-in for Front, inside Patchbay. No Front account needed.',
  },
  {
    value: 'front',
    title: 'Connect Front',
    description: 'Name your company and, if you have it at hand, paste its API token.',
  },
]

export function SetUpForm({ sandboxOn }: { sandboxOn: boolean }) {
  const [state, action] = useActionState<SetUpState | null, FormData>(setUpAction, null)
  const [start, setStart] = useState(sandboxOn ? 'sandbox' : 'front')
  const errors = state?.errors ?? {}
  const tokenRefused = start === 'front' ? state?.tokenRefused : undefined
  return (
    <form action={action} onReset={keepFields} className="mt-6">
      <Stack>
        {state && !state.tokenRefused && <FormErrors title={state.message} />}
        <Section title="You" id="you">
          <OwnerFields errors={errors} />
        </Section>
        {sandboxOn ? (
          // The radios bubble their change up to here.
          <div onChange={(event) => setStart(chosenStart(event) ?? start)}>
            <RadioCards name="start" label="How do you want to begin?" choices={STARTS} defaultValue="sandbox" />
          </div>
        ) : (
          <input type="hidden" name="start" value="front" />
        )}
        {start === 'front' && <FrontFields errors={errors} tokenRefused={tokenRefused} />}
        {!tokenRefused && (
          <SubmitButton pendingLabel="Setting up" className="w-full">
            {start === 'front' ? 'Set up Patchbay' : 'Set up and explore the sandbox'}
          </SubmitButton>
        )}
      </Stack>
    </form>
  )
}

function OwnerFields({ errors }: { errors: Record<string, string> }) {
  return (
    <div className="flex flex-col gap-4">
      <TextField name="name" label="Name" autoComplete="name" error={errors.name} required />
      <TextField name="email" label="E-mail" type="email" autoComplete="username" error={errors.email} required />
      <PasswordField
        name="password"
        label="Password"
        autoComplete="new-password"
        hint="At least 12 characters. Three or four unrelated words make a good one."
        minLength={12}
        error={errors.password}
        required
      />
    </div>
  )
}

// React empties a form after its action; what was typed must stay for another try.
function keepFields(event: FormEvent<HTMLFormElement>): void {
  event.preventDefault()
}

function chosenStart({ target }: FormEvent): string | null {
  return target instanceof HTMLInputElement && target.name === 'start' ? target.value : null
}
