import { ArrowUpRight } from 'lucide-react'
import Link from 'next/link'
import type { ComponentProps } from 'react'
import { cx } from '#ui/cx'

/** A link in running text. `external` opens a new tab and says so. */
export function TextLink({
  external = false,
  className,
  children,
  ...props
}: { external?: boolean } & ComponentProps<typeof Link>) {
  const newTab = external ? { target: '_blank', rel: 'noreferrer' } : {}
  return (
    <Link
      {...props}
      {...newTab}
      className={cx('text-accent underline decoration-1 underline-offset-3 hover:decoration-2', className)}
    >
      {children}
      {external && (
        <>
          <ArrowUpRight aria-hidden className="ml-0.5 inline size-3.5 align-[-0.15em]" />
          <span className="sr-only"> (opens in a new tab)</span>
        </>
      )}
    </Link>
  )
}
