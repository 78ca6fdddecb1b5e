import { getAppByKey } from '#db/queries/apps'
import { listChannelsOfApp } from '#db/queries/channels'
import { findCompany } from '#db/queries/companies'
import { requireUser } from '#lib/auth'
import { isUnfinished } from '#lib/channels/channel-status'
import { db } from '#lib/database'
import { readAuthorization } from '#lib/oauth/authorization'
import { ownOrigin } from '#lib/oauth/own-origin'
import { atLeastRole } from '#lib/roles'
import { Callout } from '#ui/callout'
import { ConsentForm } from './consent-form'

export const metadata = { title: 'Connect a channel' }

type Props = {
  params: Promise<{ appKey: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function AuthorizePage({ params, searchParams }: Props) {
  const { appKey } = await params
  const user = await requireUser('viewer')
  const app = await getAppByKey(db(), appKey)
  if (!app)
    return <Refused>There is no app at this address. Check the authorize URL in the app’s settings in Front.</Refused>
  const asked = readAuthorization({ app, ownOrigin: ownOrigin(), query: await searchParams })
  if (typeof asked === 'string') return <Refused>{asked}</Refused>
  if (!atLeastRole(user.role, 'admin')) {
    return <Refused>Only admins and owners may connect channels. Your role is {user.role}.</Refused>
  }
  const [company, channels] = await Promise.all([findCompany(db(), app.companyId), listChannelsOfApp(db(), app.id)])
  const { host } = new URL(asked.redirect_uri)
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">Connect {app.name} to Front?</h1>
      <p className="mt-2 text-muted">
        Front ({company?.name}) will be able to send teammates’ messages through Patchbay and to learn the name and
        address of the channel. It gets no access to anything else here. Afterwards you go back to{' '}
        <strong className="font-medium text-ink">{host}</strong>.
      </p>
      <ConsentForm
        appKey={appKey}
        asked={asked}
        isShared={app.credentials === 'shared'}
        channels={channels.map(({ id, name, frontChannelId }) => ({
          id,
          name,
          isNew: isUnfinished(frontChannelId),
        }))}
      />
    </>
  )
}

function Refused({ children }: { children: React.ReactNode }) {
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">This channel cannot be connected</h1>
      <Callout tone="bad" className="mt-5">
        {children}
      </Callout>
      <p className="mt-6 text-sm text-muted">Nothing was sent to Front. Close this page and go back there.</p>
    </>
  )
}
