import { ArrowLeft } from 'lucide-react'
import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { listTroubledSandboxChannels } from '#db/queries/sandbox-channels'
import { listSandboxFaults } from '#db/queries/sandbox-faults'
import { requireUser } from '#lib/auth'
import { ButtonLink } from '#ui/button'
import { SkipLink } from '#ui/console-shell'
import { cx } from '#ui/cx'
import { ThemeSwitch } from '#ui/theme-switch'
import { Toaster } from '#ui/toaster'
import { SandboxBand } from '../_parts/band'
import { sandboxDeps } from '../_parts/deps'
import { DeskNav } from '../_parts/desk-nav'
import { FaultsBanner } from '../_parts/faults-banner'
import { TroubleNotice } from '../_parts/trouble-notice'

export const metadata: Metadata = { title: { default: 'Sandbox', template: '%s · Sandbox' } }

export default async function DeskLayout({ children }: { children: ReactNode }) {
  const { db } = await sandboxDeps()
  await requireUser('viewer')
  const [faults, troubled] = await Promise.all([listSandboxFaults(db), listTroubledSandboxChannels(db)])
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <SandboxBand>It stands in for Front: no customer sees this.</SandboxBand>
      <header className="border-b border-rule">
        <div className="mx-auto flex max-w-[72rem] flex-wrap items-center justify-between gap-x-4 px-4 sm:px-6">
          <DeskNav />
          <ButtonLink href="/" variant="quiet" size="sm" icon={ArrowLeft} className="my-1">
            Back to Patchbay
          </ButtonLink>
        </div>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className={cx(
          'mx-auto w-full max-w-[72rem] flex-1 px-4 pt-6 pb-12 outline-none sm:px-6',
          // So that nothing stays behind the notice in the corner.
          troubled.length > 0 && 'md:pb-32',
        )}
      >
        <FaultsBanner faults={faults} />
        {children}
      </main>
      <TroubleNotice channels={troubled} />
      <footer className="mx-auto w-60 pb-6">
        <ThemeSwitch />
      </footer>
      <Toaster />
    </div>
  )
}
