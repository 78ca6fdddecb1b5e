import { ChevronLeft, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { buttonClass } from '#ui/button'
import { cx } from '#ui/cx'

type Props = { label: string; newerHref?: string | null; olderHref?: string | null; children?: ReactNode }

/** Newer and older pages of a list. Children say what is shown, such as "50 messages". Nothing when there is one page. */
export function Pagination({ label, newerHref, olderHref, children }: Props) {
  if (!newerHref && !olderHref) return null
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-3 pt-4">
      <p className="text-sm text-muted">{children}</p>
      <div className="flex gap-2">
        <PageLink href={newerHref}>
          <ChevronLeft aria-hidden className="size-4" />
          Newer
        </PageLink>
        <PageLink href={olderHref}>
          Older
          <ChevronRight aria-hidden className="size-4" />
        </PageLink>
      </div>
    </nav>
  )
}

function PageLink({ href, children }: { href: string | null | undefined; children: ReactNode }) {
  if (href) {
    return (
      <Link href={href} className={buttonClass('secondary', 'sm')}>
        {children}
      </Link>
    )
  }
  return (
    <span aria-hidden className={cx(buttonClass('secondary', 'sm'), 'pointer-events-none opacity-45')}>
      {children}
    </span>
  )
}
