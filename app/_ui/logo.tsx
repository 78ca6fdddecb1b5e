import { cx } from '#ui/cx'

/** Patchbay's mark: two sockets and the cord that joins them. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={cx('size-6', className)}>
      <path d="M6 8.5c0 13 12 13 12 0" className="stroke-accent" strokeWidth="2.25" strokeLinecap="round" />
      <circle cx="6" cy="7" r="4" className="fill-paper stroke-ink" strokeWidth="1.75" />
      <circle cx="18" cy="7" r="4" className="fill-paper stroke-ink" strokeWidth="1.75" />
      <circle cx="6" cy="7" r="1.5" className="fill-accent" />
      <circle cx="18" cy="7" r="1.5" className="fill-accent" />
    </svg>
  )
}

export function Logo({ className }: { className?: string }) {
  return (
    <span className={cx('inline-flex items-center gap-2.5', className)}>
      <LogoMark />
      <span className="text-lg font-semibold tracking-tight">Patchbay</span>
    </span>
  )
}

/** The mark with its cord hanging loose, for what is empty. */
export function UnpluggedMark() {
  return (
    <svg viewBox="0 0 64 40" fill="none" aria-hidden="true" className="h-10 w-16">
      <path
        d="M16 14c0 24 22 26 26 13"
        className="stroke-edge"
        strokeWidth="2"
        strokeLinecap="round"
        strokeDasharray="1 5"
      />
      <circle cx="16" cy="11" r="6" className="fill-panel stroke-edge" strokeWidth="1.75" />
      <circle cx="16" cy="11" r="2" className="fill-edge" />
      <circle cx="48" cy="11" r="6" className="fill-panel stroke-edge" strokeWidth="1.75" />
    </svg>
  )
}
