import type { ReactNode } from 'react'
import { PageHeader } from '#ui/page-header'
import { SettingsTabs } from './settings-tabs'

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PageHeader title="Settings" />
      <SettingsTabs />
      {children}
    </>
  )
}
