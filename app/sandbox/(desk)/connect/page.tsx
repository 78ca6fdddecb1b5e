import { AppWindow } from 'lucide-react'
import { z } from 'zod'
import { findSandboxApp, listSandboxApps, type SandboxApp } from '#db/queries/sandbox-apps'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { AUTH_WORDS, CREDENTIAL_FIELDS } from '#lib/sandbox/apps/app-words'
import { NEEDED } from '#lib/sandbox/apps/credentials'
import { SANDBOX_INBOXES } from '#lib/sandbox/identity'
import { ButtonLink } from '#ui/button'
import { Callout } from '#ui/callout'
import { List, ListRow } from '#ui/list'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section } from '#ui/section'
import { EmptyState } from '#ui/states'
import { sandboxDeps } from '../../_parts/deps'
import { ConnectForm } from './connect-form'

export const metadata = { title: 'Connect a channel' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

const search = z.object({ app: z.string().max(60).optional().catch(undefined) })
const CRUMBS = [{ href: '/sandbox/channels', label: 'Channels' }]

export default async function ConnectPage({ searchParams }: Props) {
  const { db } = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'support')) return <NotAllowed needs="support" role={role} />
  const { app: uid } = search.parse(await searchParams)
  const app = uid === undefined ? undefined : await findSandboxApp(db, uid)
  return (
    <>
      <PageHeader
        title={app ? `Connect ${app.name}` : 'Connect a channel'}
        description={
          app
            ? 'As an admin of an inbox does in Front. The app’s server is asked at once.'
            : 'Which app’s channel? A custom channel is added on the page of channels.'
        }
        breadcrumb={CRUMBS}
      />
      {app ? <Connect app={app} /> : <Choose apps={await listSandboxApps(db)} />}
    </>
  )
}

function Connect({ app }: { app: SandboxApp }) {
  const fields = NEEDED[app.authMethod].flatMap((name) => {
    const field = CREDENTIAL_FIELDS[name]
    return field ? [{ name, ...field }] : []
  })
  const inboxes = SANDBOX_INBOXES.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Section>
      {app.serverUrl === null && (
        <Callout tone="warn" title="The app has no server URL yet" className="mb-4">
          An admin enters it in the app’s settings.
        </Callout>
      )}
      <ConnectForm
        app={{ uid: app.uid, name: app.name, signsIn: app.authMethod === 'oauth' }}
        fields={fields}
        inboxes={inboxes}
      />
    </Section>
  )
}

function Choose({ apps }: { apps: Awaited<ReturnType<typeof listSandboxApps>> }) {
  return (
    <Section flush>
      {apps.length === 0 ? (
        <EmptyState
          icon={AppWindow}
          title="No apps yet"
          action={
            <ButtonLink href="/sandbox/apps" variant="primary">
              Register an app
            </ButtonLink>
          }
        >
          An application channel belongs to an app. Register one first, or explore an application channel on the
          sandbox’s first page.
        </EmptyState>
      ) : (
        <List label="Apps">
          {apps.map((app) => (
            <ListRow key={app.uid} title={app.name} href={`/sandbox/connect?app=${app.uid}`}>
              {AUTH_WORDS[app.authMethod]}
            </ListRow>
          ))}
        </List>
      )}
    </Section>
  )
}
