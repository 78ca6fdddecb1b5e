'use client'

import { useState } from 'react'
import { formatNumber } from '#lib/format'
import { estimateMs, estimateWords } from '#lib/recovery/estimate'
import { RadioCards } from '#ui/choice-fields'
import { FormErrors } from '#ui/form-messages'
import { Section } from '#ui/section'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextAreaField } from '#ui/text-field'
import { useFormAction } from '#ui/use-form-action'
import { startRecoveryAction } from '../actions'
import type { RecoveryPart } from './parts'

const RATES = [10, 60, 300, 1200, 6000]
const USUAL = 300

const WAYS = [
  {
    value: 'today',
    title: 'With today’s settings',
    description: 'Replies go to the provider URL that each channel has now, in the format that it has now.',
  },
  {
    value: 'as_was',
    title: 'As they were',
    description:
      'Each reply goes to the address and in the format of the last attempt that was sent. Today’s keys and headers are used: earlier ones are not kept.',
  },
]

type Props = { filter: string; parts: RecoveryPart[]; total: number }

/** How fast, why, and yes. */
export function StartForm({ filter, parts, total }: Props) {
  const { state, pending, formProps } = useFormAction(startRecoveryAction, null)
  const [perMinute, setPerMinute] = useState(USUAL)
  return (
    <Section id="start" title="How to send them">
      <form {...formProps} className="flex max-w-xl flex-col gap-5">
        <input type="hidden" name="filter" value={filter} />
        {state && !state.ok && <FormErrors title={state.message} />}
        <SelectField
          name="perMinute"
          label="At most"
          hint="New messages always go first, and no channel gets more at once than it can take."
          options={RATES.map((rate) => ({ value: String(rate), label: `${formatNumber(rate)} a minute` }))}
          value={String(perMinute)}
          onChange={(event) => setPerMinute(Number(event.target.value))}
        />
        <p role="status">
          Takes <strong>{estimateWords(estimateMs(parts, perMinute))}</strong> if all goes well, by this rate, the
          channels’ own rates and Front’s limit of calls.
        </p>
        {parts.some(({ direction }) => direction === 'outbound') && (
          <RadioCards name="way" label="Replies to providers" choices={WAYS} defaultValue="today" />
        )}
        <TextAreaField
          name="reason"
          label="Note"
          hint="Why, for whoever asks later. It is shown on every message."
          required={false}
          maxLength={500}
          rows={2}
        />
        <div>
          <SubmitButton pending={pending} pendingLabel="Starting…">
            {total === 1 ? 'Recover it' : `Recover ${formatNumber(total)} messages`}
          </SubmitButton>
        </div>
      </form>
    </Section>
  )
}
