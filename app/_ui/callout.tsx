import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '#ui/cx'

const LOOKS = {
  info: { icon: Info, fill: 'bg-accent-soft', text: 'text-accent' },
  ok: { icon: CircleCheck, fill: 'bg-ok-soft', text: 'text-ok' },
  warn: { icon: TriangleAlert, fill: 'bg-warn-soft', text: 'text-warn' },
  bad: { icon: CircleAlert, fill: 'bg-bad-soft', text: 'text-bad' },
} as const

type Props = {
  tone?: keyof typeof LOOKS
  title?: ReactNode
  actions?: ReactNode
  className?: string
  children?: ReactNode
}

/** Something to know before going on. It is part of the page and not announced; see ActionStatus for results. */
export function Callout({ tone = 'info', title, actions, className, children }: Props) {
  const { icon: Icon, fill, text } = LOOKS[tone]
  return (
    <div className={cx('flex gap-3 rounded-lg px-4 py-3', fill, className)}>
      <Icon aria-hidden strokeWidth={1.75} className={cx('mt-0.75 size-4 shrink-0', text)} />
      <div className="min-w-0 flex-1 wrap-anywhere">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className={cx('text-muted text-pretty', Boolean(title) && 'mt-0.5')}>{children}</div>}
        {actions && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  )
}
