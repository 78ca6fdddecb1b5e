'use client'

import { useEffect, useState } from 'react'
import type { AlertWishes } from '#lib/flows/alert-destinations'
import { SelectField } from '#ui/select-field'
import { TextField } from '#ui/text-field'
import type { FieldErrors } from './alert-form'

type Props = { wishes: AlertWishes; zones: readonly string[]; errors: FieldErrors }

/** When nothing is told, in which time zone. Where none was chosen yet, it is that of whoever looks. */
export function QuietFields({ wishes, zones, errors }: Props) {
  const [zone, setZone] = useState(wishes.quietZone ?? 'UTC')
  const isChosen = wishes.quietZone !== null
  useEffect(() => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (!isChosen && zones.includes(here)) setZone(here)
  }, [isChosen, zones])
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium text-ink">Quiet time</legend>
      <p className="mt-1 text-sm text-muted">
        What comes in it is told when it ends, unless it is over by then. Leave both empty for none.
      </p>
      <div className="mt-2 grid gap-3 sm:grid-cols-[8rem_8rem_minmax(0,1fr)]">
        <TextField
          name="quietFrom"
          label="From"
          type="time"
          defaultValue={wishes.quietFrom ?? ''}
          error={errors.quietFrom}
        />
        <TextField name="quietTo" label="To" type="time" defaultValue={wishes.quietTo ?? ''} error={errors.quietTo} />
        <SelectField
          name="quietZone"
          label="Time zone"
          options={zones.map((value) => ({ value, label: value.replaceAll('_', ' ') }))}
          value={zone}
          onChange={(event) => setZone(event.target.value)}
          error={errors.quietZone}
        />
      </div>
    </fieldset>
  )
}
