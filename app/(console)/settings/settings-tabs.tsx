'use client'

import { usePathname } from 'next/navigation'
import { Tabs } from '#ui/tabs'

const TABS = [
  { href: '/settings', label: 'Front' },
  { href: '/settings/alerts', label: 'Alerts' },
  { href: '/settings/people', label: 'People' },
  { href: '/settings/account', label: 'My account' },
  { href: '/settings/installation', label: 'Installation' },
]

export function SettingsTabs() {
  const path = usePathname()
  const isCurrent = (href: string) => (href === '/settings' ? path === href : path.startsWith(href))
  return <Tabs label="Settings" tabs={TABS.map((tab) => ({ ...tab, current: isCurrent(tab.href) }))} />
}
