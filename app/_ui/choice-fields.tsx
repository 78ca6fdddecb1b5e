import type { ComponentProps, ReactNode } from 'react'
import { cx } from '#ui/cx'
import { controlProps, FieldError, type FieldProps } from '#ui/field'

type InputProps = Omit<ComponentProps<'input'>, keyof FieldProps | 'children' | 'type'>

/** One yes-or-no. Without a `value` the form sends "on". */
export function CheckboxField({
  name,
  label,
  hint,
  error,
  required,
  id,
  className,
  ...input
}: FieldProps & InputProps) {
  const control = controlProps({ name, id, hint, error, required })
  return (
    <div className={cx('flex gap-2.5', className)}>
      <input type="checkbox" {...input} {...control} className="mt-0.75 size-4 shrink-0 accent-accent" />
      <ChoiceText control={control.id} label={label} hint={hint} error={error} />
    </div>
  )
}

export type Choice = { value: string; title: string; description?: ReactNode; disabled?: boolean }

type CardsProps = FieldProps & { choices: readonly Choice[]; defaultValue?: string; columns?: 1 | 2 | 3 }

/** A choice of few, each explained, as cards with a radio. The label becomes the legend of the group. */
export function RadioCards({
  name,
  label,
  hint,
  error,
  required,
  id,
  choices,
  defaultValue,
  columns = 1,
  className,
}: CardsProps) {
  const group = controlProps({ name, id, hint, error })
  return (
    <fieldset className={cx('min-w-0', className)} aria-describedby={group['aria-describedby']} id={group.id}>
      <legend className="text-sm font-medium text-ink">{label}</legend>
      {hint && (
        <p id={`${group.id}-hint`} className="mt-1 text-sm text-muted">
          {hint}
        </p>
      )}
      <div className={cx('mt-2 grid gap-2', columns === 2 && 'sm:grid-cols-2', columns === 3 && 'sm:grid-cols-3')}>
        {choices.map((choice) => (
          <RadioCard
            key={choice.value}
            {...choice}
            name={name}
            checked={choice.value === defaultValue}
            required={required}
          />
        ))}
      </div>
      <div className="mt-1.5">
        <FieldError id={`${group.id}-error`} error={error} />
      </div>
    </fieldset>
  )
}

type CardProps = Choice & { name: string; checked: boolean; required: boolean | undefined }

function RadioCard({ name, value, title, description, disabled, checked, required }: CardProps) {
  return (
    <label
      className={cx(
        'flex gap-2.5 rounded-md border border-rule bg-panel px-3.5 py-3 transition-colors hover:border-edge',
        'has-checked:border-accent has-checked:bg-accent-soft/50 has-checked:ring-1 has-checked:ring-accent',
        'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent has-disabled:opacity-60',
      )}
    >
      <input
        type="radio"
        name={name}
        value={value}
        defaultChecked={checked}
        required={required}
        disabled={disabled}
        className="mt-0.75 size-4 shrink-0 accent-accent outline-none"
      />
      <span className="min-w-0">
        <span className="block font-medium text-ink">{title}</span>
        {description && <span className="mt-0.5 block text-sm text-muted">{description}</span>}
      </span>
    </label>
  )
}

function ChoiceText({
  control,
  label,
  hint,
  error,
}: { control: string } & Pick<FieldProps, 'label' | 'hint' | 'error'>) {
  return (
    <div className="min-w-0">
      <label htmlFor={control} className="font-medium text-ink">
        {label}
      </label>
      {hint && (
        <p id={`${control}-hint`} className="mt-0.5 text-sm text-muted">
          {hint}
        </p>
      )}
      <FieldError id={`${control}-error`} error={error} />
    </div>
  )
}
