import type { AuthMethod } from '#db/schema/apps'

type Props = { appName: string; authMethod: AuthMethod; isMade: boolean }

/** What a person does in Front so that it connects a channel of an app. */
export function FrontSteps({ appName, authMethod, isMade }: Props) {
  return (
    <ol className="flex max-w-[72ch] list-decimal flex-col gap-1.5 pl-5 marker:text-faint">
      {isMade ? (
        <li>In Front open Settings, the inbox, Channels, and this channel.</li>
      ) : (
        <li>
          In Front open Settings, the inbox, Channels, Add channel, and choose the app <b>{appName}</b>.
        </li>
      )}
      {LAST_STEPS[authMethod].map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  )
}

const PASTE = 'Save it. Front calls Patchbay at once and the channel is connected.'

const LAST_STEPS: Record<AuthMethod, string[]> = {
  api_token: ['Paste the connect key where Front asks for the API token.', PASTE],
  api_key: ['Paste the connect key where Front asks for the API key.', PASTE],
  basic: ['Paste the user name and the password where Front asks for them.', PASTE],
  password: ['Paste the user name and the password where Front asks for them.', PASTE],
  client_credentials: ['Paste the client id and the client secret where Front asks for them.', PASTE],
  none: ['Front asks for nothing.', PASTE],
  oauth: [
    'Front opens a page of Patchbay. Sign in there if you are asked to.',
    'Choose this channel and allow the connection. You come back to Front and the channel is connected.',
  ],
}
