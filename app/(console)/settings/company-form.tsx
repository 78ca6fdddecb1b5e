'use client'

import { PlugZap } from 'lucide-react'
import { type FormEvent, type MouseEvent, useActionState, useState, useTransition } from 'react'
import type { FormState } from '#lib/forms/form-state'
import { Button } from '#ui/button'
import { ActionStatus, FormErrors } from '#ui/form-messages'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { showToast } from '#ui/toaster'
import { TokenRefused } from '#ui/token-refused'
import { type CompanyState, checkCompanyAction, saveCompanyAction } from './company-actions'
import { SecretField } from './secret-field'

type EditedCompany = {
  /** Null for a new one. */
  id: string | null
  name: string
  frontBaseUrl: string
  hasApiToken: boolean
  hasApiSecret: boolean
}

export function CompanyForm({ company }: { company: EditedCompany }) {
  const [state, action] = useSaving(company.id === null)
  const place = company.id ?? 'new'
  const errors = state?.errors ?? {}
  const round = state?.ok ? (state.round ?? 0) : 0
  return (
    // A saved form starts anew with what is stored; one that was refused keeps what was typed.
    <form key={round} action={action} onReset={keepFields} className="flex max-w-xl flex-col gap-4">
      {state && !state.ok && !state.tokenRefused && <FormErrors title={state.message} />}
      <input type="hidden" name="companyId" value={company.id ?? ''} />
      <TextField
        id={`name-${place}`}
        name="name"
        label="Name"
        defaultValue={company.name}
        error={errors.name}
        required
      />
      <TextField
        id={`url-${place}`}
        name="frontBaseUrl"
        label="Address of Front’s API"
        type="url"
        defaultValue={company.frontBaseUrl}
        error={errors.frontBaseUrl}
        mono
        required
      />
      <SecretField
        id={`token-${place}`}
        name="apiToken"
        label="API token"
        hint="In Front: Settings, Developers, API tokens."
        isSet={company.hasApiToken}
        error={errors.apiToken}
      />
      <SecretField
        id={`secret-${place}`}
        name="apiSecret"
        label="API secret"
        hint="Tells real calls from Front apart from forged ones. In Front: Settings, Developers."
        isSet={company.hasApiSecret}
        error={errors.apiSecret}
      />
      {state?.tokenRefused ? (
        <TokenRefused
          message={state.tokenRefused}
          again={{ label: 'Check again and save', pendingLabel: 'Checking again' }}
          anyway={{ label: 'Save it anyway', pendingLabel: 'Saving' }}
        />
      ) : (
        <Buttons saved={company.id ? state : null} />
      )}
    </form>
  )
}

function useSaving(isNew: boolean) {
  return useActionState<CompanyState | null, FormData>(async (previous, form) => {
    const answer = await saveCompanyAction(previous, form)
    // A new company gets a section of its own, and the form that could say so goes.
    if (isNew && answer.ok && answer.message) showToast(answer.message)
    return answer
  }, null)
}

/** `saved` is the answer of the last save, which a later check replaces; a new company's is told in a toast. */
function Buttons({ saved }: { saved: CompanyState | null }) {
  const [check, setCheck] = useState<FormState | null>(null)
  const [pending, startTransition] = useTransition()
  const shown = check ?? (saved?.ok ? saved : null)
  const run = ({ currentTarget }: MouseEvent<HTMLButtonElement>) => {
    const { form } = currentTarget
    if (form) startTransition(async () => setCheck(await checkCompanyAction(new FormData(form))))
  }
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-3">
      <SubmitButton pendingLabel="Saving">Save</SubmitButton>
      <Button icon={PlugZap} pending={pending} onClick={run}>
        {pending ? 'Asking Front' : 'Check with Front'}
      </Button>
      <ActionStatus message={pending ? null : shown?.message} tone={shown?.ok ? 'ok' : 'bad'} />
    </div>
  )
}

// React empties a form after its action; what was typed must stay for another try.
function keepFields(event: FormEvent<HTMLFormElement>): void {
  event.preventDefault()
}
