import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from '#ui/cx'
import { CONTROL, controlProps, Field, type FieldProps } from '#ui/field'

export type Option = { value: string; label: string; disabled?: boolean }

type SelectProps = Omit<ComponentProps<'select'>, keyof FieldProps | 'children'>

/** A native select with its label, hint and error. `placeholder` adds a first, empty choice. */
export function SelectField({
  options,
  placeholder,
  name,
  label,
  hint,
  error,
  required,
  id,
  className,
  ...select
}: FieldProps & SelectProps & { options: readonly Option[]; placeholder?: string }) {
  const field = { name, id, hint, error, required }
  return (
    <Field {...field} label={label} className={className}>
      <div className="relative">
        <select
          {...select}
          {...controlProps(field)}
          className={cx(CONTROL, 'h-9 appearance-none truncate pr-8 pointer-coarse:h-11')}
        >
          {placeholder !== undefined && <option value="">{placeholder}</option>}
          {options.map(({ value, label: text, disabled }) => (
            <option key={value} value={value} disabled={disabled}>
              {text}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted"
        />
      </div>
    </Field>
  )
}
