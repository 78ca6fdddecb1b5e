import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Tone } from '#ui/chip'
import { cx } from '#ui/cx'

const DOTS: Record<Tone, string> = {
  neutral: 'border-edge text-muted',
  accent: 'border-accent text-accent',
  ok: 'border-ok text-ok',
  warn: 'border-warn text-warn',
  bad: 'border-bad text-bad',
  hold: 'border-hold text-hold',
}

/** Events one after the other on a cord. Children are TimelineItem. */
export function Timeline({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol aria-label={label} className="flex flex-col">
      {children}
    </ol>
  )
}

type ItemProps = {
  tone?: Tone
  icon: LucideIcon
  title: ReactNode
  /** To the right of the title: when and how long. */
  meta?: ReactNode
  /** Still to come: its cord is dashed. */
  planned?: boolean
  children?: ReactNode
}

export function TimelineItem({ tone = 'neutral', icon: Icon, title, meta, planned = false, children }: ItemProps) {
  return (
    <li className="group/item relative flex gap-3.5 pb-6 last:pb-0">
      <span
        aria-hidden
        className={cx(
          'absolute top-7 bottom-0 left-[0.8125rem] border-l-2 border-rule group-last/item:hidden',
          planned && 'border-dashed',
        )}
      />
      <span
        className={cx(
          'grid size-7 shrink-0 place-items-center rounded-full border-[1.5px] bg-panel',
          planned && 'border-dashed',
          DOTS[tone],
        )}
      >
        <Icon aria-hidden strokeWidth={2} className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1 pt-0.75">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
          <p className="font-semibold">{title}</p>
          {meta && <p className="text-sm text-muted">{meta}</p>}
        </div>
        {children && <div className="mt-1.5 min-w-0">{children}</div>}
      </div>
    </li>
  )
}
