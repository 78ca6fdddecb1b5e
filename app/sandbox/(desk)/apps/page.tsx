import { AppWindow } from 'lucide-react'
import { listSandboxApps } from '#db/queries/sandbox-apps'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { AUTH_WORDS, SCOPE_WORDS } from '#lib/sandbox/apps/app-words'
import { Chip } from '#ui/chip'
import { List, ListRow } from '#ui/list'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { EmptyState } from '#ui/states'
import { sandboxDeps } from '../../_parts/deps'
import { NewAppForm } from './new-app-form'

export const metadata = { title: 'Apps' }

export default async function SandboxAppsPage() {
  const { db } = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'admin')) return <NotAllowed needs="admin" role={role} />
  const apps = await listSandboxApps(db)
  return (
    <>
      <PageHeader
        title="Apps"
        description="Apps with a channel feature, as Settings, Developers, Apps of Front shows them. An app defines application channels: anybody may then connect one in an inbox."
      />
      <Stack>
        <Section flush>
          {apps.length === 0 ? (
            <EmptyState icon={AppWindow} title="No apps yet">
              Register one below. It gets a UID and a secret to enter in Patchbay.
            </EmptyState>
          ) : (
            <List label="Apps">
              {apps.map((app) => (
                <ListRow
                  key={app.uid}
                  title={app.name}
                  href={`/sandbox/apps/settings?app=${app.uid}`}
                  trailing={app.serverUrl === null && <Chip tone="warn">No server URL</Chip>}
                >
                  {AUTH_WORDS[app.authMethod]} · {SCOPE_WORDS[app.credentials]} ·{' '}
                  <span className="font-mono">{app.uid}</span>
                </ListRow>
              ))}
            </List>
          )}
        </Section>
        <Section id="register" title="Register an app">
          <NewAppForm />
        </Section>
      </Stack>
    </>
  )
}
