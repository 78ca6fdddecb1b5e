import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** Details that stay folded until asked for. */
export function Disclosure({ summary, open, children }: { summary: ReactNode; open?: boolean; children: ReactNode }) {
  return (
    <details open={open} className="min-w-0">
      <summary className="inline-flex list-none items-center gap-1.5 rounded-sm text-sm font-medium text-accent hover:text-accent-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform [[open]>summary>&]:rotate-90" />
        {summary}
      </summary>
      <div className="mt-3 flex min-w-0 flex-col gap-3">{children}</div>
    </details>
  )
}
