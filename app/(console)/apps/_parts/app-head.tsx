import { FlaskConical } from 'lucide-react'
import { AUTH_WORDS } from '#lib/channels/app-words'
import { Chip } from '#ui/chip'
import { PageHeader } from '#ui/page-header'
import { Tabs } from '#ui/tabs'
import type { LoadedApp } from './load-app'

const TABS = {
  overview: { label: 'Set up in Front', adminOnly: false },
  keys: { label: 'Connections', adminOnly: false },
  test: { label: 'Test a signature', adminOnly: true },
  settings: { label: 'Settings', adminOnly: true },
} as const
export type AppTab = keyof typeof TABS

/** Head and tabs of every page of an app. What changes something, or works with the secret, is for admins. */
export function AppHead({ loaded: { app }, tab, isAdmin }: { loaded: LoadedApp; tab: AppTab; isAdmin: boolean }) {
  const shown = (Object.keys(TABS) as AppTab[]).filter((each) => isAdmin || !TABS[each].adminOnly)
  return (
    <>
      <PageHeader
        breadcrumb={[{ href: '/apps', label: 'Apps' }]}
        title={app.name}
        badges={
          <>
            {app.archivedAt && <Chip>Archived</Chip>}
            {app.isSandbox && (
              <Chip tone="accent" icon={FlaskConical}>
                Sandbox
              </Chip>
            )}
          </>
        }
        description={`${app.companyName} · ${AUTH_WORDS[app.authMethod].title}`}
      />
      <Tabs
        label="Parts of this app"
        tabs={shown.map((each) => ({
          href: `/apps/${app.id}${each === 'overview' ? '' : `/${each}`}`,
          label: TABS[each].label,
          current: each === tab,
        }))}
      />
    </>
  )
}
