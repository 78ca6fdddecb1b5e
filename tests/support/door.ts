import { randomBytes } from 'node:crypto'
import type { Database } from '#db/client'
import { insertChannelKey } from '#db/queries/channel-keys'
import { mintKey } from '#lib/channels/keys'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { findEndpoint } from '#lib/endpoints/find-endpoint'
import { signCustom } from '#lib/front/signature'
import { seal, sealingKeys } from '#lib/secrets'
import { createApp, createApplicationChannel } from '#tests/support/applications'
import { type Channel, createChannel, createCompany } from '#tests/support/factories'

export const KEYS = sealingKeys(randomBytes(32).toString('base64'), '')
export const API_SECRET = 'front_test_secret'

/** Everything an endpoint needs; nothing leaves the machine. */
export function doorDeps(db: Database, more: Partial<EndpointDeps> = {}): EndpointDeps {
  return {
    db,
    keys: KEYS,
    publicUrl: 'https://patchbay.example',
    sandboxOrigin: null,
    trustedProxies: 0,
    cronSecret: null,
    now: () => new Date(),
    defer: () => {},
    drain: async () => {},
    open: async () => {
      throw new Error('The test did not expect a download.')
    },
    ...more,
  }
}

type ChannelOptions = NonNullable<Parameters<typeof createChannel>[1]>

/** A channel with its company's API secret, a bearer key and a signing secret, both in the clear. */
export async function openChannelDoor(db: Database, more: ChannelOptions & { withoutApiSecret?: boolean } = {}) {
  const { withoutApiSecret = false, ...options } = more
  const apiSecretSealed = withoutApiSecret ? null : seal(API_SECRET, KEYS)
  const apiTokenSealed = seal('front-token', KEYS)
  const company = await createCompany(db, { apiSecretSealed, apiTokenSealed })
  const channel = await createChannel(db, { companyId: company.id, threading: { type: 'sender' }, ...options })
  const bearer = await addKey(db, channel, 'incoming')
  const signing = await addKey(db, channel, 'signing')
  return { channel, bearer, signing }
}

export async function addKey(
  db: Database,
  channel: Channel,
  purpose: 'incoming' | 'signing',
  expiresAt: Date | null = null,
): Promise<string> {
  const { row, secret } = mintKey({ channelId: channel.id, purpose, createdBy: 'test', keys: KEYS, now: new Date() })
  await insertChannelKey(db, { ...row, expiresAt })
  return secret
}

type Call = { method?: string; headers?: Record<string, string>; body?: BodyInit | null }

/** Calls the endpoint that a path names, from one address unless told otherwise. */
export async function call(deps: EndpointDeps, path: string, { method = 'POST', headers = {}, body }: Call = {}) {
  const endpoint = findEndpoint(method, path.split('?', 1)[0] ?? '')
  if (!endpoint) throw new Error(`No endpoint answers ${method} ${path}.`)
  const request = new Request(`http://localhost${path}`, {
    method,
    headers: { 'x-forwarded-for': '192.0.2.7', ...headers },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  })
  const response = await endpoint(request, deps)
  return { status: response.status, headers: response.headers, json: await response.json() }
}

/** A provider's JSON call with its bearer key. */
export function postIncoming(
  deps: EndpointDeps,
  { channel, bearer }: { channel: Channel; bearer: string },
  message: unknown,
  headers: Record<string, string> = {},
) {
  return call(deps, `/api/channels/${channel.key}/incoming`, {
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  })
}

/** A channel of an app, which Front has connected, with its keys in the clear. */
export async function openApplicationDoor(db: Database, more: ChannelOptions = {}) {
  const app = await createApp(db, { keys: KEYS })
  const channel = await createApplicationChannel(db, app, more)
  return { channel, bearer: await addKey(db, channel, 'incoming') }
}

type OpenDoor = { channel: Channel; bearer: string }

/** Any call of the provider below its channel's address, with its bearer key; `body` as JSON unless it is a form. */
export function callDoor(
  deps: EndpointDeps,
  { channel, bearer }: OpenDoor,
  { method = 'POST', path, body, headers = {} }: DoorCall,
) {
  const type: Record<string, string> = body instanceof FormData || body === undefined ? {} : JSON_TYPE
  return call(deps, `/api/channels/${channel.key}/${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...type, ...headers },
    body: body instanceof FormData || typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
  })
}

type DoorCall = { method?: string; path: string; body?: unknown; headers?: Record<string, string> }

const JSON_TYPE = { 'content-type': 'application/json' }

/** A post of Front, signed as Front signs for custom channels. */
export function postOutgoing(
  deps: EndpointDeps,
  { channel }: { channel: Channel },
  message: unknown,
  headers: Record<string, string> = {},
) {
  const body = typeof message === 'string' ? message : JSON.stringify(message)
  return call(deps, `/api/front/custom/${channel.key}/outgoing`, {
    headers: { 'x-front-signature': signCustom(body, API_SECRET), 'content-type': 'application/json', ...headers },
    body,
  })
}

/** A reply as Front posts it. */
export function frontReply(more: Record<string, unknown> = {}) {
  return {
    _links: {
      self: 'https://api2.frontapp.com/messages/msg_1',
      related: { conversation: 'https://acme.api.frontapp.com/conversations/cnv_1?x=1' },
    },
    id: 'msg_1',
    message_uid: 'uid_1',
    type: 'custom',
    is_inbound: false,
    created_at: 1_453_770_984.123,
    subject: null,
    body: '<p>Hello <b>Ada</b></p>',
    text: 'Hello Ada',
    author: { id: 'tea_1', email: 'leela@example.com', first_name: 'Leela', last_name: 'T' },
    recipients: [
      { handle: 'support', role: 'from', name: null },
      { handle: 'ada', role: 'to', name: 'Ada' },
    ],
    attachments: [],
    metadata: {},
    ...more,
  }
}
