import type { Metadata } from 'next'
import { listChannelsOfApp } from '#db/queries/channels'
import { publicUrlWarning } from '#lib/channels/addresses'
import { SCOPE_WORDS } from '#lib/channels/app-words'
import { signatureWords } from '#lib/channels/signature-words'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { Callout } from '#ui/callout'
import { CopyLine } from '#ui/code-block'
import { KeyValues } from '#ui/key-values'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { requireRole } from '../../channels/_parts/require-role'
import { AppHead } from '../_parts/app-head'
import { type LoadedApp, loadApp } from '../_parts/load-app'
import { FrontSetUp } from './front-set-up'

export const metadata: Metadata = { title: 'App' }

export default async function AppPage({ params }: { params: Promise<{ id: string }> }) {
  const { role } = await requireRole('viewer')
  const loaded = await loadApp((await params).id)
  const { app } = loaded
  const publicUrl = env().PUBLIC_URL
  const warning = app.isSandbox ? null : publicUrlWarning(publicUrl)
  return (
    <>
      <AppHead loaded={loaded} tab="overview" isAdmin={role.admin} />
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Stack>
          {app.archivedAt && <Callout title="This app is archived">Its addresses no longer answer.</Callout>}
          {warning && (
            <Callout tone="warn" title="Check the address of this installation">
              {warning}
            </Callout>
          )}
          <FrontSetUp app={app} publicUrl={publicUrl} isAdmin={role.admin} />
        </Stack>
        <Stack>
          <Facts loaded={loaded} />
          <Channels appId={app.id} />
        </Stack>
      </div>
    </>
  )
}

function Facts({ loaded: { app, now } }: { loaded: LoadedApp }) {
  const previous = app.hasPreviousSecret && app.previousSecretUntil && app.previousSecretUntil > now
  return (
    <Section title="Facts">
      <KeyValues
        items={[
          { label: 'App UID', value: <CopyLine text={app.uid} label="Copy the App UID" /> },
          { label: 'Last call', value: app.lastSeenAt ? <Time at={app.lastSeenAt} now={now} /> : 'None yet' },
          {
            label: 'Front’s signature',
            value: app.signatureVariant ? signatureWords(app.signatureVariant) : 'Not seen yet',
          },
          ...(previous && app.previousSecretUntil
            ? [
                {
                  label: 'Previous secret',
                  value: (
                    <>
                      ends <Time at={app.previousSecretUntil} now={now} />
                    </>
                  ),
                },
              ]
            : []),
          {
            label: 'Connections',
            value: SCOPE_WORDS[app.credentials].title,
            hint: SCOPE_WORDS[app.credentials].description,
          },
          { label: 'Composer', value: app.composer === 'basic' ? 'Basic' : 'Advanced' },
          { label: 'Timeline', value: app.timeline === 'chat' ? 'Chat' : 'Standard' },
          ...(app.notes ? [{ label: 'Notes', value: <span className="whitespace-pre-line">{app.notes}</span> }] : []),
          { label: 'Refused calls', value: <TextLink href={`/requests?app=${app.id}`}>In the requests</TextLink> },
          { label: 'Registered', value: <Time at={app.createdAt} now={now} /> },
        ]}
      />
    </Section>
  )
}

async function Channels({ appId }: { appId: string }) {
  const channels = await listChannelsOfApp(db(), appId)
  return (
    <Section title="Channels of this app">
      {channels.length === 0 ? (
        <p className="text-muted">
          None yet. One appears when somebody adds the app’s channel in Front and connects it.
        </p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {channels.map(({ id, name }) => (
            <li key={id} className="wrap-anywhere">
              <TextLink href={`/channels/${id}`}>{name}</TextLink>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
