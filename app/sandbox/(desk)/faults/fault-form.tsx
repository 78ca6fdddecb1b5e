'use client'

import { useActionState } from 'react'
import type { SandboxSide } from '#db/queries/sandbox-faults'
import type { FaultKind } from '#lib/sandbox/faults'
import { CheckboxField } from '#ui/choice-fields'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { FormNote } from '../../_parts/form-note'
import { switchOnAction } from './actions'

type Props = { side: SandboxSide; kind: FaultKind; title: string }

/** How often, and how, one thing goes wrong. */
export function FaultForm({ side, kind, title }: Props) {
  const [state, action] = useActionState(switchOnAction, {})
  const id = (name: string) => `${side}-${kind}-${name}`
  const typed = state.values ?? {}
  return (
    <form action={action}>
      <input type="hidden" name="side" value={side} />
      <input type="hidden" name="kind" value={kind} />
      <div className="flex flex-wrap items-end gap-3 lg:justify-end">
        <Options kind={kind} side={side} id={id} typed={typed} />
        <SelectField
          name="mode"
          id={id('mode')}
          label="For"
          options={MODES}
          defaultValue={typed.mode}
          className="w-36"
        />
        <TextField
          name="amount"
          id={id('amount')}
          label="How many"
          type="number"
          min={1}
          max={1000}
          defaultValue={typed.amount ?? '1'}
          className="w-20"
        />
        <SubmitButton
          variant="secondary"
          aria-label={`Switch on: ${title}, by ${side === 'front' ? 'Front' : 'the provider'}`}
        >
          Switch on
        </SubmitButton>
      </div>
      {side === 'front' && kind !== 'wrong_signature' && (
        <CheckboxField
          name="everyCall"
          id={id('everyCall')}
          label="Every call of the API, not just messages coming in"
          className="mt-2 text-sm lg:justify-end"
        />
      )}
      {state.error && <FormNote state={state} />}
    </form>
  )
}

type OptionsProps = { kind: FaultKind; side: SandboxSide; id: (name: string) => string; typed: Record<string, string> }

const MODES = [
  { value: 'count', label: 'the next calls' },
  { value: 'percent', label: '% of all calls' },
]
const TIERS = [
  { value: 'global', label: 'Company' },
  { value: 'burst', label: 'Burst' },
]
const FORMS = [
  { value: 'seconds', label: 'Seconds' },
  { value: 'date', label: 'A date' },
]
const SERVER_ERRORS = ['500', '502', '503', '504'].map((value) => ({ value, label: value }))
const REFUSALS = ['400', '404', '410', '422'].map((value) => ({ value, label: value }))

function Options({ kind, side, id, typed }: OptionsProps) {
  const number = { type: 'number', min: 1, className: 'w-24' } as const
  if (kind === 'latency') {
    return (
      <TextField
        {...number}
        name="ms"
        id={id('ms')}
        label="Milliseconds"
        max={30_000}
        defaultValue={typed.ms ?? '3000'}
      />
    )
  }
  if (kind === 'server_error' || kind === 'refuse') {
    const options = kind === 'refuse' ? REFUSALS : SERVER_ERRORS
    return (
      <SelectField
        name="status"
        id={id('status')}
        label="Status"
        options={options}
        defaultValue={typed.status}
        className="w-24"
      />
    )
  }
  if (kind !== 'rate_limit') return null
  return (
    <>
      {side === 'front' && (
        <SelectField name="tier" id={id('tier')} label="Limit of" options={TIERS} className="w-28" />
      )}
      <SelectField name="retryAfter" id={id('retryAfter')} label="Retry-After as" options={FORMS} className="w-28" />
      <TextField
        {...number}
        name="waitS"
        id={id('waitS')}
        label="Seconds"
        max={3600}
        defaultValue={typed.waitS ?? '5'}
        className="w-20"
      />
    </>
  )
}
