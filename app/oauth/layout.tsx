import type { ReactNode } from 'react'
import { EntryShell } from '#ui/entry-shell'

export default function OAuthLayout({ children }: { children: ReactNode }) {
  return (
    <EntryShell>
      <div className="wrap-anywhere">{children}</div>
    </EntryShell>
  )
}
