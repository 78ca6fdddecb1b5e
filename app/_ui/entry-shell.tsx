import type { ReactNode } from 'react'
import { SkipLink } from '#ui/console-shell'
import { Logo } from '#ui/logo'
import { ThemeSwitch } from '#ui/theme-switch'

/** The frame of the pages before sign-in: one narrow column under the mark. */
export function EntryShell({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-8 sm:py-14">
      <SkipLink />
      <header>
        <Logo />
      </header>
      <main id="content" tabIndex={-1} className="mt-8 w-full max-w-[30rem] outline-none">
        {children}
      </main>
      <footer className="mt-auto w-60 pt-10">
        <ThemeSwitch />
      </footer>
    </div>
  )
}
