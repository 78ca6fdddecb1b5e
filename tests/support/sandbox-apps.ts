import { insertSandboxApp, insertSandboxCredential, type NewSandboxApp } from '#db/queries/sandbox-apps'
import { insertSandboxChannel, type NewSandboxChannel } from '#db/queries/sandbox-channels'
import { mintChannelToken } from '#lib/front/channel-token'
import type { HttpRequest } from '#lib/http/http-result'
import { type Credentials, sealCredentials } from '#lib/sandbox/apps/credentials'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { seal } from '#lib/secrets'
import { START, type TestSandbox } from '#tests/support/sandbox'

export const APP_SECRET = 'the secret of the app'
export const SERVER_URL = 'https://patchbay.example/api/front/apps/app_1'
export const WEBHOOK_URL = `${SERVER_URL}/channels/ch_1`

let count = 0

/** An app of the sandbox's Front, by default with a server and an API token. */
export async function createSandboxApp({ deps }: TestSandbox, overrides: Partial<NewSandboxApp> = {}) {
  count += 1
  return insertSandboxApp(deps.db, {
    uid: `app${count}`,
    name: 'Patchbay chat',
    secretSealed: seal(APP_SECRET, deps.keys),
    serverUrl: SERVER_URL,
    ...overrides,
  })
}

/** A channel of an app that is connected with the token `connect-key`. */
export async function createAppChannel(
  sandbox: TestSandbox,
  { app, given, ...overrides }: Partial<NewSandboxChannel> & { app?: Partial<NewSandboxApp>; given?: Credentials } = {},
) {
  const { deps } = sandbox
  const owner = await createSandboxApp(sandbox, app)
  count += 1
  const sealed = sealCredentials(given ?? { access_token: 'connect-key' }, deps.keys)
  const credential = await insertSandboxCredential(deps.db, { id: `crd_test${count}`, appUid: owner.uid, sealed })
  const channel = await insertSandboxChannel(deps.db, {
    id: `cha_app${count}`,
    inboxId: 'inb_support',
    name: 'Chat of the app',
    type: 'custom',
    address: `app${count}@custom.sandbox.example`,
    appUid: owner.uid,
    credentialId: credential.id,
    webhookUrl: WEBHOOK_URL,
    settings: {},
    ...overrides,
  })
  return { app: owner, channel, credential }
}

let tokens = 0

/** A channel token as Patchbay mints it, with an id of its own. */
export function channelToken(channel: Pick<SandboxChannel, 'id' | 'appUid'>, atMs = 0): Promise<string> {
  tokens += 1
  const now = new Date(START.getTime() + atMs)
  const app = { uid: channel.appUid ?? '', secret: APP_SECRET }
  return mintChannelToken({ app, channelId: channel.id, now, jti: `jti-${tokens}` })
}

type CallOptions = Omit<NonNullable<Parameters<TestSandbox['call']>[2]>, 'token'>

/** Calls the sandbox's API as the app of a channel does. */
export function callAs({ call }: TestSandbox, channel: Pick<SandboxChannel, 'id' | 'appUid'>) {
  return async (method: string, path: string, options: CallOptions = {}) =>
    call(method, path, { ...options, token: await channelToken(channel, options.atMs) })
}

/** What a request to the app said. */
export function eventOf(request: HttpRequest | undefined) {
  return JSON.parse(String(request?.body ?? 'null'))
}
