import type { AppView } from '#db/queries/apps'
import { appAddresses } from '#lib/channels/addresses'
import { needsOauthClient } from '#lib/channels/app-settings'
import { AUTH_WORDS, keyUserWord, usesConnectKeys, usesTokens } from '#lib/channels/app-words'
import { Callout } from '#ui/callout'
import { CopyField } from '#ui/code-block'
import { KeyValues } from '#ui/key-values'
import { Section } from '#ui/section'
import { TextLink } from '#ui/text-link'

type Props = { app: AppView; publicUrl: string; isAdmin: boolean }

/** Everything that has to be typed into Front, in the order of Front's own tabs. */
export function FrontSetUp({ app, publicUrl, isAdmin }: Props) {
  const { server } = appAddresses({ publicUrl, appKey: app.key })
  return (
    <>
      <Section
        title="1. The server"
        description="In Front: Settings, Developers, Apps, this app, Servers tab, Add server. Older layouts have it on the channel type."
      >
        <div className="flex flex-col gap-5">
          <CopyField
            label="Server URL"
            text={server}
            hint="Goes into the server’s URL (“Webhook URL” in older layouts). Front connects channels there, and gets from us a URL of its own for each."
          />
          <KeyValues
            items={[
              { label: 'Authentication', value: FRONT_NAMES[app.authMethod] },
              {
                label: 'Domain',
                value: new URL(publicUrl).hostname,
                hint: 'The URL of each channel is on it too, as Front demands. After a move to another domain every channel has to be connected anew.',
              },
            ]}
          />
        </div>
      </Section>
      {usesTokens(app.authMethod) && <OauthSection app={app} publicUrl={publicUrl} isAdmin={isAdmin} />}
      <Section
        title={usesTokens(app.authMethod) ? '3. The channel' : '2. The channel'}
        description="In the app’s Features tab: an application channel, tied to that server."
      >
        <KeyValues items={channelSettings(app)} />
      </Section>
      <Section
        title={usesTokens(app.authMethod) ? '4. Connect' : '3. Connect'}
        description="In Front: Settings, the inbox, Channels, Add channel, this app."
      >
        <ConnectHint app={app} />
      </Section>
    </>
  )
}

const FRONT_NAMES: Record<AppView['authMethod'], string> = {
  api_token: 'API Token',
  oauth: 'OAuth',
  none: AUTH_WORDS.none.title,
  api_key: AUTH_WORDS.api_key.title,
  basic: AUTH_WORDS.basic.title,
  client_credentials: AUTH_WORDS.client_credentials.title,
  password: AUTH_WORDS.password.title,
}

function OauthSection({ app, publicUrl, isAdmin }: Props) {
  const { authorize, token, refresh, introspect } = appAddresses({ publicUrl, appKey: app.key })
  return (
    <Section title="2. OAuth" description="On the same server, under OAuth.">
      <div className="flex flex-col gap-5">
        {app.authMethod === 'oauth' && (
          <CopyField
            label="Authorize URL"
            text={authorize}
            hint="Whoever adds the channel is led there, signs in and agrees."
          />
        )}
        <CopyField label="Token URL" text={token} hint="Front fetches its tokens there." />
        <CopyField label="Refresh URL" text={refresh} hint="The same address; Front asks for it a second time." />
        {app.authMethod === 'oauth' && (
          <CopyField
            label="Token Introspection URL"
            text={introspect}
            hint="Optional. With it, the channel in Front is named after the connection; without it, its address is made up."
          />
        )}
        {needsOauthClient(app.authMethod) && (
          <>
            <CopyField label="Client ID" text={app.oauthClientId} hint="Ours, made for this app." />
            <ClientSecret app={app} isAdmin={isAdmin} />
          </>
        )}
      </div>
    </Section>
  )
}

function ClientSecret({ app, isAdmin }: Pick<Props, 'app' | 'isAdmin'>) {
  const where = isAdmin ? <TextLink href={`/apps/${app.id}/settings`}>Settings</TextLink> : 'its settings'
  if (!app.hasOauthClientSecret) {
    return (
      <Callout tone="warn" title="No OAuth client secret yet">
        Front cannot fetch tokens without one. {isAdmin ? 'Make one in ' : 'An admin can make one in '}
        {where}.
      </Callout>
    )
  }
  return (
    <div>
      <p className="text-sm font-medium">OAuth client secret</p>
      <p className="mt-0.5 text-sm text-muted">
        It was shown once, when it was made. If it is lost, {isAdmin ? 'make' : 'an admin can make'} a new one in{' '}
        {where}.
      </p>
    </div>
  )
}

function channelSettings(app: AppView) {
  return [
    { label: 'Composer', value: app.composer === 'basic' ? 'Basic' : 'Advanced' },
    { label: 'Timeline', value: app.timeline === 'chat' ? 'Chat' : 'Standard' },
    {
      label: 'Reply and compose',
      value: 'As you need',
      hint: 'Unlike on a custom channel, an answer to a message that a teammate began stays in its conversation.',
    },
    { label: 'Attachments', value: 'Allowed', hint: 'Unless the provider takes none.' },
    { label: 'Message templates', value: 'On, if the provider has any' },
  ]
}

function ConnectHint({ app }: { app: AppView }) {
  if (app.authMethod === 'none') {
    return (
      <p className="max-w-[72ch] text-muted">
        Nothing to paste, but the channel must be prepared here first: under{' '}
        <TextLink href="/channels/new">Channels</TextLink>, connect a channel of this app.
      </p>
    )
  }
  if (!usesConnectKeys(app.authMethod)) {
    return (
      <p className="max-w-[72ch] text-muted">
        Front leads you to a page of Patchbay. Sign in there as an admin and agree. Each sign-in is listed under{' '}
        <TextLink href={`/apps/${app.id}/keys`}>Connections</TextLink>.
      </p>
    )
  }
  const userWord = keyUserWord(app.authMethod)
  return (
    <p className="max-w-[72ch] text-muted">
      {userWord
        ? `Front is given a connect key and a name beside it (${userWord}), one pair for each channel: make it under `
        : 'Front asks for an API token. Paste a connect key, one of its own for each channel: make it under '}
      <TextLink href={`/apps/${app.id}/keys`}>Connections</TextLink>. The key is neither the app secret nor Front’s own
      API token.
    </p>
  )
}
