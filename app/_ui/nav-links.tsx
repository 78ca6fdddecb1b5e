'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cx } from '#ui/cx'

export type NavItem = { href: string; label: string; count?: number; countLabel?: string }

/** The main navigation: one socket per room of the house; the cord is in the one you are in. */
export function NavLinks({ items, onNavigate }: { items: readonly NavItem[]; onNavigate?: () => void }) {
  const path = usePathname()
  return (
    <ul className="flex flex-col gap-0.5">
      {items.map((item) => (
        <li key={item.href}>
          <NavLink item={item} current={isCurrent(path, item.href)} onNavigate={onNavigate} />
        </li>
      ))}
    </ul>
  )
}

function NavLink({
  item,
  current,
  onNavigate,
}: {
  item: NavItem
  current: boolean
  onNavigate: (() => void) | undefined
}) {
  return (
    <Link
      href={item.href}
      onClick={onNavigate}
      aria-current={current ? 'page' : undefined}
      className={cx(
        'flex h-9 items-center gap-3 rounded-md px-3 transition-colors pointer-coarse:h-11',
        current
          ? 'bg-panel font-medium text-ink shadow-[inset_0_0_0_1px_var(--rule)]'
          : 'text-muted hover:bg-hover hover:text-ink',
      )}
    >
      <Socket plugged={current} />
      <span className="flex-1">{item.label}</span>
      {item.count !== undefined && item.count > 0 && (
        <span className="rounded-full bg-bad-soft px-1.75 text-xs font-semibold text-bad">
          {item.count > 99 ? '99+' : item.count}
          <span className="sr-only"> {item.countLabel}</span>
        </span>
      )}
    </Link>
  )
}

function Socket({ plugged }: { plugged: boolean }) {
  return (
    <span
      aria-hidden
      className={cx(
        'grid size-3 place-items-center rounded-full border-[1.5px]',
        plugged ? 'border-accent' : 'border-edge',
      )}
    >
      <span className={cx('size-1.5 rounded-full transition-colors', plugged && 'bg-accent')} />
    </span>
  )
}

/** A message, a conversation or a recovery is a page of the log; everything else by its first part. */
function isCurrent(path: string, href: string): boolean {
  if (href === '/') return path === '/'
  if (href === '/messages' && /^\/(conversations|recoveries)(\/|$)/.test(path)) return true
  return path === href || path.startsWith(`${href}/`)
}
