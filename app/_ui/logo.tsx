import { cx } from '#ui/cx'

/** Patchbay's mark: two sockets and the cord that joins them. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={cx('size-6', className)}>
      <path d="M6 7c0 9.5 12 .5 12 10" className="stroke-accent" strokeWidth="2.25" strokeLinecap="round" />
      <circle cx="6" cy="6" r="3.75" className="fill-paper stroke-ink" strokeWidth="1.75" />
      <circle cx="18" cy="18" r="3.75" className="fill-paper stroke-ink" strokeWidth="1.75" />
      <circle cx="6" cy="6" r="1.5" className="fill-accent" />
      <circle cx="18" cy="18" r="1.5" className="fill-accent" />
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
    <svg viewBox="0 0 56 44" fill="none" aria-hidden="true" className="h-11 w-14">
      <path d="M10 12c0 16 16 10 19 19" className="stroke-edge" strokeWidth="2" />
      <path d="m29 30 2.6 6.4" className="stroke-edge" strokeWidth="5" strokeLinecap="round" />
      <circle cx="10" cy="9" r="6" className="fill-panel stroke-edge" strokeWidth="1.75" />
      <circle cx="10" cy="9" r="2.25" className="fill-edge" />
      <circle cx="46" cy="34" r="6" className="fill-panel stroke-edge" strokeWidth="1.75" />
    </svg>
  )
}
