import { TriangleAlert } from 'lucide-react'
import type { SandboxFault } from '#db/queries/sandbox-faults'
import { faultWords } from '#lib/sandbox/fault-words'
import { TextLink } from '#ui/text-link'

/** Says on every page of the sandbox what is broken on purpose. */
export function FaultsBanner({ faults }: { faults: readonly SandboxFault[] }) {
  if (faults.length === 0) return null
  return (
    <div role="status" className="mb-5 flex gap-2.5 rounded-lg border border-warn/40 bg-warn-soft px-4 py-3 text-warn">
      <TriangleAlert aria-hidden strokeWidth={1.75} className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <p className="font-medium">The sandbox fails on purpose.</p>
        <ul className="text-sm">
          {faults.map((fault) => (
            <li key={`${fault.side} ${fault.kind}`}>{faultWords(fault)}</li>
          ))}
        </ul>
        <p className="mt-1 text-sm">
          <TextLink href="/sandbox/faults" className="text-warn">
            Look at the switches
          </TextLink>
        </p>
      </div>
    </div>
  )
}
