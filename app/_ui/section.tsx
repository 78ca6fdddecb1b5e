import type { ReactNode } from 'react'
import { cx } from '#ui/cx'

type Props = {
  title?: ReactNode
  description?: ReactNode
  actions?: ReactNode
  /** Leaves out the inner padding, for a table or a list that runs from edge to edge. */
  flush?: boolean
  id?: string
  className?: string
  children: ReactNode
}

/** A panel with a heading (h2). */
export function Section({ title, description, actions, flush = false, id, className, children }: Props) {
  return (
    <section
      id={id}
      aria-labelledby={id && title ? `${id}-title` : undefined}
      className={cx('min-w-0 rounded-lg border border-rule bg-panel', className)}
    >
      {(title || actions) && (
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-b border-rule px-4 py-3 sm:px-5">
          <div className="min-w-0">
            {title && (
              <h2 id={id ? `${id}-title` : undefined} className="text-base font-semibold tracking-tight">
                {title}
              </h2>
            )}
            {description && <div className="mt-0.5 max-w-[72ch] text-sm text-muted text-pretty">{description}</div>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
      )}
      <div className={flush ? '' : 'px-4 py-4 sm:px-5'}>{children}</div>
    </section>
  )
}

/** Sections one below the other, with the distance that all pages share. */
export function Stack({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={cx('flex min-w-0 flex-col gap-5', className)}>{children}</div>
}
