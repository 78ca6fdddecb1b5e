'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cx } from '#ui/cx'

type Page = { href: string; label: string; rooms?: string[] }

/** `rooms`: what belongs to a page beside what is below its own address. */
const PAGES: Page[] = [
  { href: '/sandbox', label: 'Start' },
  { href: '/sandbox/inbox', label: 'Inbox' },
  { href: '/sandbox/channels', label: 'Channels', rooms: ['/sandbox/connect', '/sandbox/oauth'] },
  { href: '/sandbox/apps', label: 'Apps' },
  { href: '/sandbox/templates', label: 'Templates' },
  { href: '/sandbox/faults', label: 'Faults' },
  { href: '/sandbox/calls', label: 'Call log' },
]

/** The rooms of the sandbox. */
export function DeskNav() {
  const path = usePathname()
  return (
    <nav aria-label="Sandbox" className="-mx-1 overflow-x-auto">
      <ul className="flex gap-1">
        {PAGES.map(({ href, label, rooms = [] }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={path === href ? 'page' : isIn([href, ...rooms], path) ? 'true' : undefined}
              className={cx(
                'flex h-9 items-center border-b-2 px-3 whitespace-nowrap pointer-coarse:h-11',
                isIn([href, ...rooms], path)
                  ? 'border-hold font-medium text-ink'
                  : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function isIn(rooms: string[], path: string): boolean {
  return rooms.some((room) => path === room || (room !== '/sandbox' && path.startsWith(`${room}/`)))
}
