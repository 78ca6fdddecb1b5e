import type { Metadata } from 'next'
import { listChannelsOfApp } from '#db/queries/channels'
import { listConnections } from '#db/queries/connections'
import { keyUserWord, usesConnectKeys } from '#lib/channels/app-words'
import { db } from '#lib/database'
import { Callout } from '#ui/callout'
import { NotAllowed } from '#ui/not-allowed'
import { Section, Stack } from '#ui/section'
import { EmptyState } from '#ui/states'
import { requireRole } from '../../../channels/_parts/require-role'
import { AppHead } from '../../_parts/app-head'
import { loadApp } from '../../_parts/load-app'
import { ConnectionTable } from './connection-table'
import { MakeKey } from './make-key'

export const metadata: Metadata = { title: 'Connections' }

export default async function ConnectionsPage({ params }: { params: Promise<{ id: string }> }) {
  const { user, role } = await requireRole('viewer')
  if (!role.support) return <NotAllowed needs="support" role={user.role} />
  const loaded = await loadApp((await params).id)
  const { app, now } = loaded
  const [connections, channels] = await Promise.all([
    listConnections(db(), { appId: app.id }),
    listChannelsOfApp(db(), app.id),
  ])
  const archived = app.archivedAt !== null
  const takes = usesConnectKeys(app.authMethod)
  return (
    <>
      <AppHead loaded={loaded} tab="keys" isAdmin={role.admin} />
      <Stack>
        {archived && <Callout title="This app is archived">Its connections open nothing.</Callout>}
        {app.authMethod === 'none' && (
          <Callout title="This app needs no connections">
            Front’s signature alone proves its calls. Prepare a channel here, and Front connects it without a key.
          </Callout>
        )}
        {!archived && role.admin && app.authMethod !== 'none' && (
          <Section
            title="New connect key"
            description={
              takes
                ? 'Whoever adds the channel in Front pastes it there. Make one for each channel, so that one can be revoked alone.'
                : 'Rarely needed: this app is connected by OAuth. A key works beside it.'
            }
            className="max-w-3xl"
          >
            <MakeKey appId={app.id} userWord={keyUserWord(app.authMethod)} channels={channels} />
          </Section>
        )}
        <Section flush title="Connections" description="Each is one credential with which Front calls for this app.">
          {connections.length === 0 ? (
            <EmptyState title="No connections yet">
              {takes
                ? 'A connect key comes here when it is made. Front can connect a channel with it.'
                : 'A connection comes here when somebody connects a channel of this app in Front.'}
            </EmptyState>
          ) : (
            <ConnectionTable rows={connections} now={now} canRevoke={role.admin && !archived} />
          )}
        </Section>
      </Stack>
    </>
  )
}
