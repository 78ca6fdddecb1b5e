import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { SkipLink } from '#ui/console-shell'
import { SandboxBand } from '../_parts/band'

export const metadata: Metadata = { title: 'Chat' }

/** What a visitor sees: nothing of Patchbay's inside. */
export default function ChatLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex h-dvh flex-col">
      <SkipLink />
      <SandboxBand>A visitor’s chat page. It plays the provider.</SandboxBand>
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto flex min-h-0 w-full max-w-[40rem] flex-1 flex-col outline-none"
      >
        {children}
      </main>
    </div>
  )
}
