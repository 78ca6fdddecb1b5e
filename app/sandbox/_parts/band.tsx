import { FlaskConical } from 'lucide-react'
import type { ReactNode } from 'react'

/** The stripes that say: this is not Front. */
export function SandboxBand({ children }: { children: ReactNode }) {
  return (
    <aside
      aria-label="About this page"
      className="border-b border-hold/40 bg-hold-soft bg-[repeating-linear-gradient(135deg,transparent_0_12px,var(--panel)_12px_14px)]"
    >
      <div className="mx-auto flex max-w-[72rem] items-center justify-between gap-3 px-4 py-2 sm:px-6">
        <p className="flex min-w-0 items-center gap-2 rounded-sm bg-hold-soft px-1.5 text-sm text-hold">
          <FlaskConical aria-hidden strokeWidth={1.75} className="size-4 shrink-0" />
          <span>
            <strong className="font-semibold">Sandbox.</strong> {children}
          </span>
        </p>
      </div>
    </aside>
  )
}
