import type { ReactNode } from 'react'
import { cx } from '#ui/cx'

/** What every form field takes. `error` takes zod's list of messages as it is; the first one is shown. */
export type FieldProps = {
  name: string
  label: ReactNode
  hint?: ReactNode
  error?: string | string[]
  required?: boolean
  /** Default `field-<name>`; give another where a name occurs twice on a page. */
  id?: string
  className?: string
}

type Parts = Pick<FieldProps, 'name' | 'id' | 'hint' | 'error' | 'required'>

/** Ids and aria attributes that tie a control to its label, hint and error. */
export function controlProps({ name, id = `field-${name}`, hint, error, required }: Parts) {
  const described = [hint && `${id}-hint`, firstError(error) && `${id}-error`].filter(Boolean).join(' ')
  return {
    id,
    name,
    required: required || undefined,
    'aria-invalid': firstError(error) ? true : undefined,
    'aria-describedby': described || undefined,
  }
}

/** The frame of a field: label above, hint, the control, the error below. Inputs in `text-field` and its neighbours use it. */
export function Field({
  name,
  label,
  hint,
  error,
  required,
  id,
  className,
  children,
}: FieldProps & { children: ReactNode }) {
  const control = controlProps({ name, id, hint, error })
  return (
    <div className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      <label htmlFor={control.id} className="text-sm font-medium text-ink">
        {label}
        {required === false && <span className="ml-0.5 font-normal text-faint"> optional</span>}
      </label>
      {hint && (
        <p id={`${control.id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {children}
      <FieldError id={`${control.id}-error`} error={error} />
    </div>
  )
}

export function FieldError({ id, error }: { id: string; error: FieldProps['error'] }) {
  const message = firstError(error)
  if (!message) return null
  return (
    <p id={id} className="text-sm font-medium text-bad">
      {message}
    </p>
  )
}

export function firstError(error: FieldProps['error']): string | undefined {
  return (Array.isArray(error) ? error[0] : error) || undefined
}

/** The look of every one-line and many-line control. 16 px on touch, so that phones don't zoom into it. */
export const CONTROL =
  'w-full min-w-0 rounded-md border border-edge bg-panel px-3 text-base text-ink transition-colors pointer-coarse:text-lg ' +
  'hover:border-ink/60 aria-invalid:border-bad aria-invalid:ring-1 aria-invalid:ring-bad disabled:opacity-60 [&[readonly]]:bg-sunken'
