'use client'

import { LogOut, Menu, X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { Button } from '#ui/button'
import { IconButton } from '#ui/icon-button'
import { Logo } from '#ui/logo'
import { type NavItem, NavLinks } from '#ui/nav-links'
import { ThemeSwitch } from '#ui/theme-switch'
import { type ShellUser, type SignOut, UserLines } from '#ui/user-menu'

/** The navigation of narrow screens: a panel that slides over the page. */
export function PhoneMenu({ items, user, signOut }: { items: readonly NavItem[]; user: ShellUser; signOut: SignOut }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <IconButton label="Menu" icon={Menu} />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 right-0 z-50 flex w-[min(20rem,88vw)] flex-col gap-5 overflow-y-auto border-l border-rule bg-paper p-4 shadow-raised"
        >
          <div className="flex items-center justify-between pl-3">
            <Logo />
            <Dialog.Close asChild>
              <IconButton label="Close the menu" icon={X} />
            </Dialog.Close>
          </div>
          <Dialog.Title className="sr-only">Menu</Dialog.Title>
          <nav aria-label="Main">
            <NavLinks items={items} onNavigate={() => setOpen(false)} />
          </nav>
          <div className="mt-auto flex flex-col gap-4 border-t border-rule px-3 pt-4">
            <ThemeSwitch name="phone-theme" />
            <div className="flex items-center gap-3">
              <UserLines user={user} />
              <Button size="sm" icon={LogOut} onClick={() => signOut()}>
                Sign out
              </Button>
            </div>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
