import type { ReactNode } from 'react'
import { getAppByKey } from '#db/queries/apps'
import { listChannelsOfApp } from '#db/queries/channels'
import { findCompany } from '#db/queries/companies'
import { listAccounts } from '#db/queries/oauth-grants'
import { requireUser } from '#lib/auth'
import { isUnfinished } from '#lib/channels/channel-status'
import { db } from '#lib/database'
import { readAuthorization } from '#lib/oauth/authorization'
import { readDraft } from '#lib/oauth/consent'
import { ownOrigin } from '#lib/oauth/own-origin'
import { atLeastRole } from '#lib/roles'
import { Callout } from '#ui/callout'
import type { Choice } from '#ui/choice-fields'
import { KeyValues } from '#ui/key-values'
import { ConsentForm, DenyForm } from './consent-form'
import { keepRefusedSignIn } from './keep-refusal'

export const metadata = { title: 'Connect to Front' }

type Props = {
  params: Promise<{ appKey: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** Where Front leads whoever adds a channel (F8). Nobody is sent on from here but by their own decision. */
export default async function AuthorizePage({ params, searchParams }: Props) {
  const user = await requireUser('viewer')
  const app = await getAppByKey(db(), (await params).appKey)
  if (!app) {
    const message = 'There is no app at this address. Check the authorize URL in the app’s settings in Front.'
    return <CannotConnect>{message}</CannotConnect>
  }
  const query = await searchParams
  const asked = readAuthorization({ app, ownOrigin: ownOrigin(), query })
  if (typeof asked === 'string') {
    await keepRefusedSignIn(app, asked)
    return <CannotConnect>{asked}</CannotConnect>
  }
  if (!atLeastRole(user.role, 'admin')) {
    return (
      <CannotConnect ending={<DenyForm appKey={app.key} asked={asked} />}>
        Only admins and owners may connect a channel. Your role is {user.role}. Ask one of them to add the channel in
        Front, or an owner to change your role.
      </CannotConnect>
    )
  }
  const company = await findCompany(db(), app.companyId)
  const isShared = app.credentials === 'shared'
  const choices = isShared ? await accountChoices(app.id) : await channelChoices(app.id)
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">Connect {app.name} to Front?</h1>
      <p className="mt-2 text-muted text-pretty">
        {isShared
          ? 'Front will be able to connect any channel of this app,'
          : 'Front will be able to connect one channel of this app,'}{' '}
        to send what teammates write through it, and to learn its name and address. It sees nothing else of Patchbay.
        You can end this at any time on the page of the app.
      </p>
      <div className="mt-5 rounded-lg border border-rule bg-panel px-4 py-3">
        <KeyValues
          items={[
            { label: 'Front company', value: company?.name },
            { label: 'Leads back to', value: new URL(asked.redirect_uri).host },
            { label: 'Signed in as', value: user.email },
          ]}
        />
      </div>
      <ConsentForm appKey={app.key} asked={asked} isShared={isShared} choices={choices} draft={readDraft(query)} />
    </>
  )
}

async function channelChoices(appId: string): Promise<Choice[]> {
  const channels = await listChannelsOfApp(db(), appId)
  return channels.map(({ id, name, frontChannelId }) => ({
    value: id,
    title: name,
    description: isUnfinished(frontChannelId)
      ? 'Prepared, and waiting for Front.'
      : 'In Front already: connects it again.',
  }))
}

async function accountChoices(appId: string): Promise<Choice[]> {
  const accounts = await listAccounts(db(), appId)
  return accounts.map(({ id, name }) => ({ value: id, title: name, description: 'Used before.' }))
}

function CannotConnect({ children, ending }: { children: ReactNode; ending?: ReactNode }) {
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">This cannot be connected</h1>
      <Callout tone="bad" className="mt-5">
        {children}
      </Callout>
      {ending ?? (
        <p className="mt-6 text-sm text-muted">
          You were not led anywhere, and Front was told nothing. Close this page.
        </p>
      )}
    </>
  )
}
