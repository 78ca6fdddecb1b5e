import { ChevronLeft, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { buttonClass } from '#ui/button'

type Props = { label: string; newerHref?: string | null; olderHref?: string | null; children?: ReactNode }

/** Newer and older pages of a list. Children say what is shown, such as "50 messages". Nothing when there is one page. */
export function Pagination({ label, newerHref, olderHref, children }: Props) {
  if (!newerHref && !olderHref) return null
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-3 pt-4">
      <p className="text-sm text-muted">{children}</p>
      <div className="flex gap-2">
        {newerHref && (
          <Link href={newerHref} className={buttonClass('secondary', 'sm')}>
            <ChevronLeft aria-hidden className="size-4" />
            Newer
          </Link>
        )}
        {olderHref && (
          <Link href={olderHref} className={buttonClass('secondary', 'sm')}>
            Older
            <ChevronRight aria-hidden className="size-4" />
          </Link>
        )}
      </div>
    </nav>
  )
}
