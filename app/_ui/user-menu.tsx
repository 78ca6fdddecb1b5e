'use client'

import { ChevronsUpDown, LogOut } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { ThemeSwitch } from '#ui/theme-switch'

export type ShellUser = { name: string; email: string; role: string }
export type SignOut = () => void | Promise<void>

/** Who is signed in, the theme, and the way out. `signOut` is a server action. */
export function UserMenu({ user, signOut }: { user: ShellUser; signOut: SignOut }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="flex w-full items-center gap-3 rounded-md px-3 py-2 text-left transition-colors hover:bg-hover">
        <span className="sr-only">Account: </span>
        <UserLines user={user} />
        <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-faint" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 w-64 rounded-lg border border-rule bg-panel p-1.5 shadow-raised"
        >
          <p className="truncate px-2.5 pt-1.5 text-sm text-muted">{user.email}</p>
          <div className="px-2.5 py-2">
            <ThemeSwitch name="menu-theme" />
          </div>
          <DropdownMenu.Separator className="-mx-1.5 my-1 h-px bg-rule" />
          <DropdownMenu.Item
            onSelect={() => signOut()}
            className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 outline-none data-highlighted:bg-hover"
          >
            <LogOut aria-hidden className="size-4 text-muted" />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export function UserLines({ user }: { user: ShellUser }) {
  return (
    <span className="min-w-0 flex-1">
      <span className="block truncate font-medium">{user.name}</span>
      <span className="block truncate text-sm text-muted first-letter:uppercase">{user.role}</span>
    </span>
  )
}
