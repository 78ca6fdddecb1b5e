import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'

/** Rows in a panel (`Section flush`). Children are ListRow. */
export function List({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-rule">
      {children}
    </ul>
  )
}

type RowProps = {
  title: ReactNode
  /** Makes the whole row lead there. */
  href?: string
  leading?: ReactNode
  /** At the end of the row: a chip, a time, a button (which needs `relative z-1` in a row with `href`). */
  trailing?: ReactNode
  children?: ReactNode
}

export function ListRow({ title, href, leading, trailing, children }: RowProps) {
  return (
    <li className="relative flex items-center gap-3 px-4 py-3 transition-colors has-[a[data-row]]:hover:bg-hover sm:px-5">
      {leading && <div className="shrink-0 max-sm:self-start max-sm:pt-0.5">{leading}</div>}
      <div className="flex min-w-0 flex-1 flex-col gap-x-4 gap-y-1 sm:flex-row sm:items-center sm:justify-between">
        <div className="min-w-0 wrap-anywhere">
          <p className="font-medium">
            {href ? (
              <Link href={href} data-row className="underline-offset-3 hover:underline after:absolute after:inset-0">
                {title}
              </Link>
            ) : (
              title
            )}
          </p>
          {children && <div className="text-sm text-muted">{children}</div>}
        </div>
        {trailing && <div className="flex shrink-0 flex-wrap items-center gap-3 text-sm text-muted">{trailing}</div>}
      </div>
      {href && <ChevronRight aria-hidden className="size-4 shrink-0 text-faint" />}
    </li>
  )
}
