'use client'

import { Callout } from '#ui/callout'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextAreaField, TextField } from '#ui/text-field'
import { useFormAction } from '#ui/use-form-action'
import { testSignatureAction, type Verdict } from './actions'

const METHODS = ['POST', 'DELETE', 'GET'].map((value) => ({ value, label: value }))

export function TestForm({ appId }: { appId: string }) {
  const { state, pending, formProps } = useFormAction(testSignatureAction, null)
  const errors = state && 'errors' in state ? state.errors : {}
  return (
    <form {...formProps} noValidate aria-label="Test a signature" className="flex flex-col gap-5">
      <input type="hidden" name="appId" value={appId} />
      <TextField
        name="signature"
        label="X-Front-Signature"
        placeholder="8L8GT4D5YsoML5zkw0rnXYejr2sexTpo20VtALW8NuM="
        required
        mono
        autoComplete="off"
        error={errors.signature}
      />
      <div className="grid gap-5 sm:grid-cols-[minmax(0,1fr)_9rem]">
        <TextField
          name="timestamp"
          label="X-Front-Request-Timestamp"
          placeholder="1694761200000"
          required
          mono
          inputMode="numeric"
          autoComplete="off"
          error={errors.timestamp}
        />
        <SelectField name="method" label="Method" options={METHODS} defaultValue="POST" />
      </div>
      <TextAreaField
        name="body"
        label="Body"
        hint="Exactly as it came, nothing added. Empty if there was none."
        rows={8}
        mono
        required={false}
        spellCheck={false}
        error={errors.body}
      />
      <div>
        <SubmitButton pending={pending} pendingLabel="Trying…">
          Test it
        </SubmitButton>
      </div>
      <div role="status" className="empty:-mb-5">
        {state && 'verdict' in state && <Outcome key={state.verdict.at} verdict={state.verdict} />}
      </div>
    </form>
  )
}

function Outcome({ verdict: { tone, title, match, hints } }: { verdict: Verdict }) {
  return (
    <Callout tone={tone} title={title}>
      {match && <p>{match}</p>}
      {hints.length > 0 && (
        <ul className="mt-1 list-disc space-y-1 pl-4">
          {hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ul>
      )}
      {!match && hints.length === 0 && (
        <p>
          Compare the app secret with the one on the app’s Settings tab in Front. The OAuth client secret stands on
          another tab and does not fit here. Also check that the body is whole and unchanged.
        </p>
      )}
    </Callout>
  )
}
