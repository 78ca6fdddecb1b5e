import type { ReactNode } from 'react'
import { cx } from '#ui/cx'

export type CordState = 'ok' | 'waiting' | 'held' | 'broken'

const LINES: Record<CordState, string> = {
  ok: 'border-accent',
  waiting: 'border-dashed border-warn',
  held: 'border-dotted border-hold',
  broken: 'border-dashed border-bad',
}

type Props = { from: ReactNode; to: ReactNode; state?: CordState; children?: ReactNode }

/** Two ends and the cord between them, in the direction of travel. The words on it (children) carry the state. */
export function Cord({ from, to, state = 'ok', children }: Props) {
  return (
    <div className="flex min-w-0 items-center gap-2.5">
      <span className="min-w-0 truncate font-medium">{from}</span>
      <Socket state={state} />
      <span className="sr-only"> to </span>
      <span className="-mx-2.5 flex min-w-6 flex-1 items-center">
        <span aria-hidden className={cx('min-w-2 flex-1 border-t-2', LINES[state])} />
        {children && <span className="px-2">{children}</span>}
        {children && <span aria-hidden className={cx('min-w-2 flex-1 border-t-2', LINES[state])} />}
      </span>
      <Socket state={state} arrives />
      <span className="min-w-0 truncate font-medium">{to}</span>
    </div>
  )
}

const THIN: Record<CordState, string> = {
  ok: 'border-t border-accent/45',
  waiting: 'border-t-2 border-dashed border-warn',
  held: 'border-t-2 border-dotted border-hold',
  broken: 'border-t-2 border-dashed border-bad',
}

/** The way from a message to the far side of a talk: whole when it arrived, loose when it did not. For the eye alone. */
export function LooseCord({ state, className }: { state: CordState; className?: string }) {
  return (
    <span aria-hidden className={cx('flex min-w-6 flex-1 items-center', className)}>
      <span className={cx('min-w-2 flex-1', THIN[state])} />
      <Socket state={state} arrives />
    </span>
  )
}

const RINGS: Record<CordState, string> = {
  ok: 'border-accent [--dot:var(--accent)]',
  waiting: 'border-warn [--dot:var(--warn)]',
  held: 'border-hold [--dot:var(--hold)]',
  broken: 'border-bad [--dot:var(--bad)]',
}

function Socket({ state, arrives = false }: { state: CordState; arrives?: boolean }) {
  const plugged = !arrives || state === 'ok'
  return (
    <span
      aria-hidden
      className={cx('grid size-4 shrink-0 place-items-center rounded-full border-2 bg-panel', RINGS[state])}
    >
      {plugged && <span className="size-1.5 rounded-full bg-(--dot)" />}
    </span>
  )
}
