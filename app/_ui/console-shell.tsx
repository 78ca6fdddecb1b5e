import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from '#ui/logo'
import { type NavItem, NavLinks } from '#ui/nav-links'
import { PhoneMenu } from '#ui/phone-menu'
import { Toaster } from '#ui/toaster'
import { type ShellUser, type SignOut, UserMenu } from '#ui/user-menu'

type Props = {
  user: ShellUser
  companyName: string
  sandboxOn: boolean
  /** How many things on the overview wait for a person. */
  attentionCount: number
  /** A server action that ends the session and leads to the sign-in page. */
  signOut: SignOut
  children: ReactNode
}

/** The frame of every signed-in page: navigation, account, skip link, toasts. Pages start with a PageHeader. */
export function ConsoleShell({ user, companyName, sandboxOn, attentionCount, signOut, children }: Props) {
  const items = navItems({ sandboxOn, attentionCount })
  return (
    <div className="lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <SkipLink />
      <header className="sticky top-0 z-30 flex h-14 items-center justify-between border-b border-rule bg-paper px-4 lg:hidden">
        <Link href="/" className="flex rounded-md">
          <Logo />
        </Link>
        <PhoneMenu items={items} user={user} signOut={signOut} />
      </header>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-rule px-3 py-4 lg:flex">
        <Link href="/" className="flex rounded-md px-3">
          <Logo />
        </Link>
        <p className="mt-1 truncate px-3 pl-[2.875rem] text-sm text-muted">{companyName}</p>
        <nav aria-label="Main" className="mt-6 flex-1 overflow-y-auto">
          <NavLinks items={items} />
        </nav>
        <div className="border-t border-rule pt-3">
          <UserMenu user={user} signOut={signOut} />
        </div>
      </aside>
      <main id="content" tabIndex={-1} className="min-w-0 outline-none">
        <div className="mx-auto max-w-[80rem] px-4 pt-6 pb-16 sm:px-6 lg:px-10 lg:pt-9">{children}</div>
      </main>
      <Toaster />
    </div>
  )
}

export function SkipLink() {
  return (
    <a
      href="#content"
      className="sr-only z-50 rounded-md bg-ink px-4 py-2 font-medium text-paper focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
    >
      Skip to content
    </a>
  )
}

function navItems({ sandboxOn, attentionCount }: { sandboxOn: boolean; attentionCount: number }): NavItem[] {
  const items: NavItem[] = [
    { href: '/', label: 'Overview', count: attentionCount, countLabel: 'need attention' },
    { href: '/messages', label: 'Messages' },
    { href: '/channels', label: 'Channels' },
    { href: '/apps', label: 'Apps' },
    { href: '/requests', label: 'Requests' },
    { href: '/settings', label: 'Settings' },
  ]
  return sandboxOn ? [...items, { href: '/sandbox', label: 'Sandbox' }] : items
}
