'use client'

import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { cx } from '#ui/cx'
import { CONTROL, controlProps, Field, type FieldProps } from '#ui/field'
import { IconButton } from '#ui/icon-button'

type InputProps = Omit<ComponentProps<'input'>, keyof FieldProps | 'children' | 'type'>

/** A password, or any other secret a person types in, with a button that shows it. */
export function PasswordField({
  name,
  label,
  hint,
  error,
  required,
  id,
  className,
  ...input
}: FieldProps & InputProps) {
  const [shown, setShown] = useState(false)
  const field = { name, id, hint, error, required }
  return (
    <Field {...field} label={label} className={className}>
      <div className="relative">
        <input
          autoComplete="current-password"
          spellCheck={false}
          {...input}
          {...controlProps(field)}
          type={shown ? 'text' : 'password'}
          className={cx(CONTROL, 'h-9 pr-11 pointer-coarse:h-11')}
        />
        <IconButton
          label={shown ? 'Hide what I typed' : 'Show what I typed'}
          icon={shown ? EyeOff : Eye}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-0 right-0 my-auto size-9 hover:bg-transparent"
        />
      </div>
    </Field>
  )
}
