import type { Metadata } from 'next'
import type { AppView } from '#db/queries/apps'
import { needsOauthClient } from '#lib/channels/app-settings'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { NotAllowed } from '#ui/not-allowed'
import { Section, Stack } from '#ui/section'
import { TextField } from '#ui/text-field'
import { Time } from '#ui/time'
import { requireRole } from '../../../channels/_parts/require-role'
import { AppHead } from '../../_parts/app-head'
import { type LoadedApp, loadApp } from '../../_parts/load-app'
import { archiveAppAction, endPreviousSecretAction, resetRedirectAction } from './actions'
import { OauthSecret } from './oauth-secret'
import { SecretForm } from './secret-form'
import { AppSettingsForm } from './settings-form'

export const metadata: Metadata = { title: 'App settings' }

export default async function AppSettingsPage({ params }: { params: Promise<{ id: string }> }) {
  const { user, role } = await requireRole('viewer')
  if (!role.admin) return <NotAllowed needs="admin" role={user.role} />
  const loaded = await loadApp((await params).id)
  const { app } = loaded
  return (
    <>
      <AppHead loaded={loaded} tab="settings" isAdmin />
      {app.archivedAt ? (
        <Callout title="This app is archived">Its settings can no longer be changed.</Callout>
      ) : (
        <Stack className="max-w-3xl">
          <AppSettingsForm appId={app.id} values={formValues(app)} />
          <AppSecret loaded={loaded} />
          {needsOauthClient(app.authMethod) && (
            <Section
              title="OAuth client"
              description="What Front proves itself with when it fetches tokens. Into the app’s Servers tab, under OAuth."
            >
              <OauthSecret appId={app.id} clientId={app.oauthClientId} hasSecret={app.hasOauthClientSecret} />
            </Section>
          )}
          {app.pinnedRedirectUri && <PinnedRedirect appId={app.id} uri={app.pinnedRedirectUri} />}
          <Archive app={app} />
        </Stack>
      )}
    </>
  )
}

function formValues(app: AppView): Record<string, string> {
  const { name, uid, authMethod, credentials, errorStatus, composer, timeline } = app
  const choices = { authMethod, credentials, errorStatus, composer, timeline }
  return { name, uid, ...choices, redirectHosts: app.redirectHosts.join('\n'), notes: app.notes ?? '' }
}

function AppSecret({ loaded: { app, now } }: { loaded: LoadedApp }) {
  const until = app.hasPreviousSecret ? app.previousSecretUntil : null
  return (
    <Section
      title="App secret"
      description="When Front has made a new one. Patchbay uses it for its own calls at once, and takes Front’s calls with either for the time you choose."
    >
      <div className="flex flex-col gap-5">
        {until && until > now && (
          <Callout
            tone="info"
            title="Two secrets work at the moment"
            actions={
              <ConfirmDialog
                trigger={<Button size="sm">End the previous one now</Button>}
                title="End the previous app secret?"
                description="Calls that Front still signs with it are refused from this moment."
                confirmLabel="End it"
                pendingLabel="Ending…"
                action={endPreviousSecretAction}
                values={{ appId: app.id }}
              />
            }
          >
            The previous one ends <Time at={until} now={now} />.
          </Callout>
        )}
        <SecretForm appId={app.id} />
      </div>
    </Section>
  )
}

function PinnedRedirect({ appId, uri }: { appId: string; uri: string }) {
  return (
    <Section
      title="Where sign-ins lead back to"
      description="The first OAuth sign-in was led back to this address in Front. From then on no other is taken."
    >
      <div className="flex flex-col items-start gap-4">
        <code className="font-mono text-sm wrap-anywhere">{uri}</code>
        <ConfirmDialog
          trigger={<Button>Forget it…</Button>}
          title="Forget this address?"
          description="The next sign-in may lead back to any allowed host, and that address is remembered in its place. Do this when Front has changed its address."
          confirmLabel="Forget it"
          pendingLabel="Forgetting…"
          action={resetRedirectAction}
          values={{ appId }}
        />
      </div>
    </Section>
  )
}

function Archive({ app }: { app: AppView }) {
  return (
    <Section title="Archive this app" id="archive">
      <div className="flex flex-col items-start gap-4">
        <p className="max-w-[72ch] text-muted">
          Takes it out of use for good: its addresses stop answering and its connections open nothing. The app in Front
          is not touched; remove it there yourself.
          {app.liveChannels > 0 &&
            ` First archive ${app.liveChannels === 1 ? 'the channel that uses it' : `the ${app.liveChannels} channels that use it`}.`}
        </p>
        {app.liveChannels === 0 && (
          <ConfirmDialog
            trigger={<Button>Archive…</Button>}
            title={`Archive ${app.name}?`}
            description="This cannot be undone here."
            confirmLabel="Archive the app"
            pendingLabel="Archiving…"
            action={archiveAppAction}
            values={{ appId: app.id }}
          >
            <TextField name="typedName" label={`Type its name, ${app.name}, to confirm`} autoComplete="off" required />
          </ConfirmDialog>
        )}
      </div>
    </Section>
  )
}
