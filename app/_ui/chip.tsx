import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '#ui/cx'

export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'bad' | 'hold'

const TONES: Record<Tone, string> = {
  neutral: 'bg-sunken text-muted',
  accent: 'bg-accent-soft text-accent',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  hold: 'bg-hold-soft text-hold',
}

/** A small label with an icon. Never colour alone: the words carry the meaning. */
export function Chip({
  tone = 'neutral',
  icon: Icon,
  className,
  children,
}: {
  tone?: Tone
  icon?: LucideIcon
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.25 rounded-sm px-1.75 py-px text-xs font-medium whitespace-nowrap',
        TONES[tone],
        className,
      )}
    >
      {Icon && <Icon aria-hidden strokeWidth={2} className="size-3.25 shrink-0" />}
      <span className="self-baseline">{children}</span>
    </span>
  )
}
