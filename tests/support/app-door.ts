import { randomUUID } from 'node:crypto'
import type { Database } from '#db/client'
import type { channels } from '#db/schema/channels'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { makeConnectKey } from '#lib/flows/make-connect-key'
import { openChannel } from '#lib/flows/open-channel'
import { signApplication } from '#lib/front/signature'
import type { ThreadingRule } from '#lib/threading/rules'
import { APP_SECRET, type App, createApp } from '#tests/support/applications'
import { call, frontReply, KEYS } from '#tests/support/door'

type Channel = typeof channels.$inferSelect

/** An app with what Front needs to call for it. */
export type AppFront = { app: App; key: string | null; connectionId: string; channel: Channel | null }

type AppOptions = Partial<Omit<Parameters<typeof createApp>[1], 'keys'>> & {
  /** A channel that is prepared and not connected yet. */
  prepared?: { name: string; threading?: ThreadingRule }
  channelId?: string
}

/** An app with a connect key; with a prepared channel of that key when asked for. */
export async function openApp(db: Database, { prepared, ...more }: AppOptions = {}): Promise<AppFront> {
  const app = await createApp(db, { keys: KEYS, ...more })
  const channel = prepared ? await prepareChannel(db, app, prepared) : null
  const made = await addConnectKey(db, app, channel?.id ?? null)
  return { app, ...made, channel }
}

export async function addConnectKey(db: Database, app: App, channelId: string | null = null, name = 'Berlin') {
  const made = await makeConnectKey(db, { appId: app.id, name, channelId, actor: 'ada@example.com', now: new Date() })
  return { key: made.key, connectionId: made.connection.id }
}

export async function prepareChannel(
  db: Database,
  app: App,
  { name, threading = { type: 'sender' } }: NonNullable<AppOptions['prepared']>,
): Promise<Channel> {
  const basics = { kind: 'application' as const, appId: app.id, companyId: app.companyId, name, threading }
  const rest = { frontChannelId: null, frontInboxId: null, actor: 'ada@example.com', keys: KEYS, now: new Date() }
  const url = { providerUrl: 'https://provider.example/messages' }
  return (await db.transaction((tx) => openChannel(tx, { basics: { ...basics, ...url }, ...rest }))).channel
}

type Sending = {
  method?: string
  /** The channel that the URL names; null for the app's own address. */
  channelKey?: string | null
  /** The key in the clear; null shows no credential. */
  key?: string | null
  headers?: Record<string, string>
  secret?: string
  at?: Date
  unit?: 'ms' | 's'
  /** What is signed, when it is not what is sent. */
  signed?: string
}

/** A call of Front for an app, signed as Front signs it. `event` is sent as it is when it is text, and not at all when null. */
export function callApp(deps: EndpointDeps, front: AppFront, event: unknown, sending: Sending = {}) {
  const { method = 'POST', channelKey = front.channel?.key ?? null, key = front.key, secret = APP_SECRET } = sending
  const body = event === null ? undefined : typeof event === 'string' ? event : JSON.stringify(event)
  const ms = (sending.at ?? deps.now()).getTime()
  const timestamp = String(sending.unit === 's' ? Math.floor(ms / 1000) : ms)
  const path = `/api/front/apps/${front.app.key}${channelKey === null ? '' : `/channels/${channelKey}`}`
  return call(deps, path, {
    method,
    headers: {
      'content-type': 'application/json',
      'x-front-signature': signApplication(sending.signed ?? body ?? 'undefined', timestamp, secret),
      'x-front-request-timestamp': timestamp,
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...sending.headers,
    },
    body,
  })
}

export function newFrontChannelId(): string {
  return `cha_${randomUUID().replaceAll('-', '').slice(0, 12)}`
}

export function authorization(frontChannelId = newFrontChannelId(), more: Record<string, unknown> = {}) {
  return { type: 'authorization', payload: { channel_id: frontChannelId, ...more } }
}

/** An app whose one channel Front has connected. */
export async function connectedApp(db: Database, deps: EndpointDeps, more: AppOptions = {}) {
  const front = await openApp(db, { prepared: { name: 'Berlin' }, ...more })
  const frontChannelId = newFrontChannelId()
  const at = new Date(deps.now().getTime() - 10_000)
  const answer = await callApp(deps, front, authorization(frontChannelId), { channelKey: null, at })
  const { channel } = front
  if (answer.json.type !== 'success' || !channel) throw new Error(`Not connected: ${JSON.stringify(answer.json)}`)
  return { ...front, channel, frontChannelId, connectedAt: at }
}

export type Connected = Awaited<ReturnType<typeof connectedApp>>

let replies = 0

/** A teammate's reply as Front posts it to an application channel, in a Front conversation and with an id of its own. */
export function messageEvent(more: Record<string, unknown> = {}, metadata?: Record<string, unknown>) {
  replies += 1
  const related = { conversation: `https://acme.api.frontapp.com/conversations/cnv_${replies}` }
  const payload = frontReply({ id: `msg_${replies}`, message_uid: `uid_${replies}`, _links: { related }, ...more })
  return { type: 'message', payload, ...(metadata ? { metadata } : {}) }
}

/** What a rule of Front answers by itself: without an id. */
export function autoreplyEvent(more: Record<string, unknown> = {}, metadata?: Record<string, unknown>) {
  const { id: _id, message_uid: _uid, author: _author, metadata: _metadata, ...payload } = messageEvent().payload
  return {
    type: 'message_autoreply',
    payload: { ...payload, type: 'auto_reply', ...more },
    ...(metadata ? { metadata } : {}),
  }
}
