import type { ComponentProps, ReactNode } from 'react'
import { cx } from '#ui/cx'
import { CONTROL, controlProps, Field, type FieldProps } from '#ui/field'

type InputProps = Omit<ComponentProps<'input'>, keyof FieldProps | 'children'>

/** Label, hint, one-line input and error in one. `mono` for ids and URLs; `suffix` for a unit. */
export function TextField({
  mono = false,
  suffix,
  name,
  label,
  hint,
  error,
  required,
  id,
  className,
  ...input
}: FieldProps & InputProps & { mono?: boolean; suffix?: ReactNode }) {
  const field = { name, id, hint, error, required }
  return (
    <Field {...field} label={label} className={className}>
      <div className="flex items-center gap-2">
        <input
          type="text"
          {...input}
          {...controlProps(field)}
          className={cx(CONTROL, 'h-9 pointer-coarse:h-11', mono && 'font-mono text-sm')}
        />
        {suffix && <span className="shrink-0 text-sm text-muted">{suffix}</span>}
      </div>
    </Field>
  )
}

type TextAreaProps = Omit<ComponentProps<'textarea'>, keyof FieldProps | 'children'>

/** Label, hint, many-line input and error in one. */
export function TextAreaField({
  mono = false,
  name,
  label,
  hint,
  error,
  required,
  id,
  className,
  ...input
}: FieldProps & TextAreaProps & { mono?: boolean }) {
  const field = { name, id, hint, error, required }
  return (
    <Field {...field} label={label} className={className}>
      <textarea
        rows={4}
        {...input}
        {...controlProps(field)}
        className={cx(CONTROL, 'py-2', mono && 'font-mono text-sm')}
      />
    </Field>
  )
}
