'use client'

import { Eye, EyeOff, KeyRound } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { CopyButton } from '#ui/copy-button'
import { IconButton } from '#ui/icon-button'

/** A new key or secret, shown this one time: covered until asked for, with copying. */
export function SecretOnce({ label, secret, children }: { label: string; secret: string; children?: ReactNode }) {
  const [shown, setShown] = useState(false)
  return (
    <section aria-label={label} className="min-w-0 rounded-lg bg-warn-soft px-4 py-3">
      <p className="flex items-center gap-2 font-semibold">
        <KeyRound aria-hidden strokeWidth={1.75} className="size-4 text-warn" />
        {label}
      </p>
      <p className="mt-0.5 text-muted">{children ?? 'Copy it now. It is not shown again.'}</p>
      <div className="mt-3 flex flex-wrap items-center gap-2 rounded-md border border-rule bg-panel py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 basis-40 font-mono text-sm wrap-anywhere">
          {shown ? secret : <span aria-hidden>{'•'.repeat(28)}</span>}
          {!shown && <span className="sr-only">Hidden</span>}
        </code>
        <IconButton
          label={shown ? 'Hide' : 'Show'}
          icon={shown ? EyeOff : Eye}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="size-8"
        />
        <CopyButton text={secret} label={`Copy ${label.toLowerCase()}`} iconOnly />
      </div>
    </section>
  )
}
