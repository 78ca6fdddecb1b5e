'use client'

import { Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '#ui/button'
import { CONTROL, FieldError } from '#ui/field'
import { IconButton } from '#ui/icon-button'

type Row = { id: number; name: string; kept: boolean }

/** Headers that go along with every reply. A stored value is never shown again; it stays unless a new one is typed. */
export function HeaderFields({ names, error }: { names: readonly string[]; error: string | undefined }) {
  const [rows, setRows] = useState<Row[]>(() => names.map((name, id) => ({ id, name, kept: true })))
  const nextId = useRef(names.length)
  const group = useRef<HTMLFieldSetElement>(null)
  const add = () => {
    const id = nextId.current
    nextId.current += 1
    setRows([...rows, { id, name: '', kept: false }])
    requestAnimationFrame(() => group.current?.querySelector<HTMLElement>(`[data-row-id="${id}"] input`)?.focus())
  }
  const control = `${CONTROL} h-9 font-mono text-sm pointer-coarse:h-11`
  return (
    <fieldset ref={group} className="min-w-0" id="field-headers" aria-describedby="field-headers-hint">
      <legend className="text-sm font-medium">Extra headers</legend>
      <p id="field-headers-hint" className="mt-1 text-sm text-muted">
        Sent with every reply, such as a key that the provider asks for. Values are sealed and never shown again.
      </p>
      <ul className="mt-2 flex flex-col gap-2">
        {rows.map((row, index) => (
          <li key={row.id} data-row-id={row.id} className="flex items-start gap-2">
            <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-2">
              <input
                name="headerName"
                aria-label={`Name of header ${index + 1}`}
                placeholder="X-Api-Key"
                defaultValue={row.name}
                readOnly={row.kept}
                autoComplete="off"
                spellCheck={false}
                className={control}
              />
              <input
                name="headerValue"
                type="password"
                aria-label={row.kept ? `New value of ${row.name}` : `Value of header ${index + 1}`}
                placeholder={row.kept ? 'Stored. Type to replace it.' : 'Value'}
                autoComplete="new-password"
                spellCheck={false}
                className={control}
              />
            </div>
            <IconButton
              label={row.name ? `Remove ${row.name}` : `Remove header ${index + 1}`}
              icon={X}
              onClick={() => setRows(rows.filter((each) => each.id !== row.id))}
            />
          </li>
        ))}
      </ul>
      <div className="mt-2 flex flex-col items-start gap-2">
        <Button size="sm" icon={Plus} onClick={add} disabled={rows.length >= 20}>
          Add a header
        </Button>
        <FieldError id="field-headers-error" error={error} />
      </div>
    </fieldset>
  )
}
