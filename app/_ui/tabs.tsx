import Link from 'next/link'
import { cx } from '#ui/cx'

export type Tab = { href: string; label: string; current: boolean; count?: number }

/** Parts of a page, each with its own URL. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className="mb-5 overflow-x-auto border-b border-rule">
      <ul className="flex gap-5">
        {tabs.map(({ href, label: text, current, count }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={current ? 'page' : undefined}
              className={cx(
                '-mb-px flex h-10 items-center gap-2 border-b-2 whitespace-nowrap -outline-offset-2 transition-colors',
                current
                  ? 'border-accent font-medium text-ink'
                  : 'border-transparent text-muted hover:border-edge hover:text-ink',
              )}
            >
              {text}
              {count !== undefined && <span className="text-xs text-faint">{count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Presets above a list, such as saved views: links that look like a row of switches. */
export function Presets({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className="mb-3 -mx-1 overflow-x-auto px-1 py-1">
      <ul className="flex gap-1.5">
        {tabs.map(({ href, label: text, current, count }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={current ? 'true' : undefined}
              className={cx(
                'flex h-7.5 items-center gap-1.5 rounded-full border px-3 text-sm whitespace-nowrap transition-colors pointer-coarse:h-10',
                current
                  ? 'border-accent bg-accent-soft font-medium text-accent'
                  : 'border-rule text-muted hover:border-edge hover:text-ink',
              )}
            >
              {text}
              {count !== undefined && <span className={current ? '' : 'text-faint'}>{count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
