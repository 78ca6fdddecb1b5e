import { AppWindow, Plug } from 'lucide-react'
import { z } from 'zod'
import { findSandboxApp, type SandboxApp } from '#db/queries/sandbox-apps'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { callbackUrl } from '#lib/sandbox/apps/sign-in'
import { type SealingKeys, unseal } from '#lib/secrets'
import { ButtonLink } from '#ui/button'
import { CopyField } from '#ui/code-block'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { EmptyState } from '#ui/states'
import { sandboxDeps } from '../../../_parts/deps'
import { AppSettingsForm } from './app-settings-form'

export const metadata = { title: 'App settings' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

const search = z.object({ app: z.string().max(60).catch('') })
const CRUMBS = [{ href: '/sandbox/apps', label: 'Apps' }]

export default async function AppSettingsPage({ searchParams }: Props) {
  const { db, keys, publicUrl } = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'admin')) return <NotAllowed needs="admin" role={role} />
  const app = await findSandboxApp(db, search.parse(await searchParams).app)
  if (!app) return <NoApp />
  return (
    <>
      <PageHeader
        title={app.name}
        breadcrumb={CRUMBS}
        actions={
          <ButtonLink href={`/sandbox/connect?app=${app.uid}`} variant="primary" icon={Plug}>
            Connect a channel
          </ButtonLink>
        }
      />
      <Stack>
        <Identity app={app} keys={keys} />
        <Section
          id="settings"
          title="Channel feature and server"
          description="Patchbay shows the addresses on the page of its app."
        >
          <AppSettingsForm key={app.authMethod} app={plainApp(app)} redirectUri={callbackUrl(publicUrl)} />
        </Section>
      </Stack>
    </>
  )
}

function Identity({ app, keys }: { app: SandboxApp; keys: SealingKeys }) {
  return (
    <Section
      id="identity"
      title="Basic information"
      description="Enter both in Patchbay. The secret signs what Front tells Patchbay, and Patchbay’s tokens. It is not the OAuth client secret, which Patchbay gives to Front."
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <CopyField label="App UID" text={app.uid} />
        <CopyField label="App secret" text={unseal(app.secretSealed, keys)} />
      </div>
    </Section>
  )
}

export type PlainApp = ReturnType<typeof plainApp>

/** What the form shows: no secrets. */
function plainApp({ secretSealed: _secret, clientSecretSealed, createdAt: _createdAt, ...app }: SandboxApp) {
  return { ...app, hasClientSecret: clientSecretSealed !== null }
}

function NoApp() {
  return (
    <>
      <PageHeader title="App settings" breadcrumb={CRUMBS} />
      <Section flush>
        <EmptyState icon={AppWindow} title="The sandbox has no such app">
          It may never have been registered here.
        </EmptyState>
      </Section>
    </>
  )
}
