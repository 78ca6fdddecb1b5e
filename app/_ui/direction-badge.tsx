import { ArrowDownLeft, ArrowUpRight } from 'lucide-react'

/** Which way a message goes: inbound is provider to Front, outbound is Front to provider. */
export function DirectionBadge({ direction }: { direction: 'inbound' | 'outbound' }) {
  const inbound = direction === 'inbound'
  const Arrow = inbound ? ArrowDownLeft : ArrowUpRight
  return (
    <span className="inline-flex items-center gap-1.25 text-sm whitespace-nowrap text-muted">
      <Arrow aria-hidden strokeWidth={1.75} className={inbound ? 'size-4 text-accent' : 'size-4 text-faint'} />
      <span className="self-baseline">{inbound ? 'To Front' : 'To provider'}</span>
    </span>
  )
}
