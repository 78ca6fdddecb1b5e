'use client'

import { useEffect, useState, useSyncExternalStore } from 'react'
import { formatDay, formatExact, formatRelative } from '#lib/format'
import { Tooltip } from '#ui/tooltip'

type Props = {
  at: Date
  /** The server's clock, so that the first picture is the same on both sides; it runs on from there. */
  now: Date
  /** False in long lists, where a tab stop on every row would be in the way. */
  focusable?: boolean
}

/** "4 min ago", with the exact time in the viewer's own zone on hover and focus. Runs on by itself. */
export function Time({ at, now, focusable = true }: Props) {
  const elapsed = useElapsed(now)
  const exact = useViewersTime(at)
  return (
    <Tooltip text={exact}>
      <time
        dateTime={at.toISOString()}
        tabIndex={focusable ? 0 : undefined}
        className="relative z-1 cursor-default rounded-sm whitespace-nowrap"
      >
        {formatRelative(at, new Date(now.getTime() + elapsed))}
      </time>
    </Tooltip>
  )
}

/** The exact time in the viewer's own zone (UTC until the page is awake), for details and timelines. */
export function ExactTime({ at }: { at: Date }) {
  return <time dateTime={at.toISOString()}>{useViewersTime(at)}</time>
}

/** The day on a line of its own where, in the viewer's own zone, another day begins; nothing elsewhere. */
export function DayBreak({ at, previous }: { at: Date; previous: Date | undefined }) {
  const zone = useIsAwake() ? undefined : 'UTC'
  const day = formatDay(at, zone)
  if (previous && formatDay(previous, zone) === day) return null
  return (
    <p className="legend flex items-center gap-3 pt-1 pb-4">
      <span aria-hidden className="flex-1 border-t border-rule" />
      <time dateTime={at.toISOString()}>{day}</time>
      <span aria-hidden className="flex-1 border-t border-rule" />
    </p>
  )
}

function useViewersTime(at: Date): string {
  return useIsAwake() ? formatExact(at) : formatExact(at, 'UTC')
}

/** False on the server and in the first picture, so that both show the same zone. */
function useIsAwake(): boolean {
  return useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  )
}

const neverChanges = () => () => {}

function useElapsed(now: Date): number {
  const start = now.getTime()
  const [elapsed, setElapsed] = useState({ start, ms: 0 })
  useEffect(() => {
    const since = Date.now()
    const timer = setInterval(() => setElapsed({ start, ms: Date.now() - since }), 10_000)
    return () => clearInterval(timer)
  }, [start])
  return elapsed.start === start ? elapsed.ms : 0
}
