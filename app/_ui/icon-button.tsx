import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from '#ui/cx'

/** A button that is only an icon. `label` is its accessible name and shows on hover. */
export function IconButton({
  label,
  icon: Glyph,
  className,
  ...props
}: { label: string; icon: LucideIcon } & Omit<ComponentProps<'button'>, 'children'>) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...props}
      className={cx(
        'inline-flex size-9 shrink-0 items-center justify-center rounded-md text-muted transition-colors',
        'hover:bg-hover hover:text-ink disabled:opacity-55 pointer-coarse:size-11',
        className,
      )}
    >
      <Glyph aria-hidden strokeWidth={1.75} className="size-4.5" />
    </button>
  )
}
