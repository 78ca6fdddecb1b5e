import { CircleAlert, type LucideIcon, SearchX } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { buttonClass } from '#ui/button'
import { UnpluggedMark } from '#ui/logo'

type EmptyProps = { title: string; children?: ReactNode; action?: ReactNode; icon?: LucideIcon }

/** Nothing here yet, and what to do about it. */
export function EmptyState({ title, children, action, icon: Icon }: EmptyProps) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      {Icon ? <Icon aria-hidden strokeWidth={1.5} className="size-7 text-faint" /> : <UnpluggedMark />}
      <p className="mt-4 font-semibold">{title}</p>
      {children && <div className="mt-1 max-w-[52ch] text-muted text-pretty">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}

/** Filters are on and nothing matches. `what` in the plural, such as "messages". */
export function FilteredEmpty({
  what,
  clearHref,
  children,
}: {
  what: string
  clearHref: string
  children?: ReactNode
}) {
  const action = (
    <Link href={clearHref} className={buttonClass('secondary')}>
      Clear the filters
    </Link>
  )
  return (
    <EmptyState icon={SearchX} title={`No ${what} match these filters`} action={action}>
      {children ?? 'Try a wider time range, or fewer filters.'}
    </EmptyState>
  )
}

/** Something could not be loaded. Announced to screen readers. */
export function ErrorState({ title = 'This could not be loaded', children, action }: Partial<EmptyProps>) {
  return (
    <div role="alert">
      <EmptyState icon={CircleAlert} title={title} action={action}>
        {children ?? 'Nothing is lost. Try again in a moment.'}
      </EmptyState>
    </div>
  )
}
