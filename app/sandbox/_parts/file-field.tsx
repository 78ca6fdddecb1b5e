import { cx } from '#ui/cx'
import { CONTROL, controlProps, Field } from '#ui/field'

/** One small file to send along. */
export function FileField({ className, label = 'File (up to 800 kB)' }: { className?: string; label?: string }) {
  return (
    <Field name="file" label={label} className={className}>
      <input
        type="file"
        {...controlProps({ name: 'file' })}
        className={cx(
          CONTROL,
          'h-9 cursor-pointer py-1 text-sm file:mr-3 file:cursor-pointer file:rounded-sm file:bg-sunken file:px-2 file:py-0.5 file:text-sm pointer-coarse:h-11 pointer-coarse:py-2 pointer-coarse:text-sm',
        )}
      />
    </Field>
  )
}
