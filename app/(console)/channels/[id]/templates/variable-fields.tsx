'use client'

import { Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { type TemplateVariable, VARIABLE_TYPES } from '#lib/front/templates'
import { Button } from '#ui/button'
import { CONTROL, FieldError } from '#ui/field'
import { IconButton } from '#ui/icon-button'

type Row = TemplateVariable & { id: number }

const TYPES = { text: 'Text', file: 'File', image: 'Image', video: 'Video' } as const
const MOST = 100

/** What a teammate fills in before sending. */
export function VariableFields({
  variables,
  error,
}: {
  variables: readonly TemplateVariable[]
  error: string | undefined
}) {
  const [rows, setRows] = useState<Row[]>(() => variables.map((variable, id) => ({ ...variable, id })))
  const nextId = useRef(variables.length)
  const group = useRef<HTMLFieldSetElement>(null)
  const add = () => {
    const id = nextId.current
    nextId.current += 1
    setRows([...rows, { id, uid: `{{${rows.length + 1}}}`, type: 'text', name: '' }])
    requestAnimationFrame(() => group.current?.querySelector<HTMLElement>(`[data-row-id="${id}"] input`)?.focus())
  }
  const control = `${CONTROL} h-9 text-sm pointer-coarse:h-11`
  return (
    <fieldset
      ref={group}
      className="min-w-0"
      id="field-variable_mappings"
      aria-describedby="field-variable_mappings-hint"
    >
      <legend className="text-sm font-medium">Variables</legend>
      <p id="field-variable_mappings-hint" className="mt-1 text-sm text-muted">
        How each stands in the preview, what it is, and what teammates see as its name.
      </p>
      <ul className="mt-2 flex flex-col gap-2">
        {rows.map((row, index) => (
          <li key={row.id} data-row-id={row.id} className="flex items-start gap-2">
            <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-[7rem_8rem_minmax(0,1fr)]">
              <input
                name="variableUid"
                aria-label={`Variable ${index + 1} in the preview`}
                defaultValue={row.uid}
                maxLength={200}
                spellCheck={false}
                className={`${control} font-mono`}
              />
              <select
                name="variableType"
                aria-label={`Type of variable ${index + 1}`}
                defaultValue={row.type}
                className={control}
              >
                {VARIABLE_TYPES.map((type) => (
                  <option key={type} value={type}>
                    {TYPES[type]}
                  </option>
                ))}
              </select>
              <input
                name="variableName"
                aria-label={`Name of variable ${index + 1}`}
                placeholder="Parcel number"
                defaultValue={row.name}
                maxLength={200}
                className={control}
              />
            </div>
            <IconButton
              label={`Remove variable ${index + 1}`}
              icon={X}
              onClick={() => setRows(rows.filter((each) => each.id !== row.id))}
            />
          </li>
        ))}
      </ul>
      <div className="mt-2 flex flex-col items-start gap-2">
        <Button size="sm" icon={Plus} onClick={add} disabled={rows.length >= MOST}>
          Add a variable
        </Button>
        <FieldError id="field-variable_mappings-error" error={error} />
      </div>
    </fieldset>
  )
}
