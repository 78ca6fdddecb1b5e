import { AppError } from '#lib/errors'
import { buildForm, type OutgoingFile } from '#lib/front/form'
import type { FrontAccess, FrontRequest } from '#lib/front/transport'

/** A call as data: its parts are recorded, shown and sent by others. */
type Call = { method: FrontRequest['method']; path: string; json?: unknown }

export function buildRequest(access: FrontAccess, { method, path, json }: Call): FrontRequest {
  const headers: Record<string, string> = { authorization: `Bearer ${access.token}`, accept: 'application/json' }
  if (json === undefined) return { method, url: access.baseUrl + path, headers, body: null }
  headers['content-type'] = 'application/json'
  return { method, url: access.baseUrl + path, headers, body: JSON.stringify(json) }
}

/**
 * A call that brings files along where it has some. Front drops files inside JSON without a word, so with files it is a
 * form, whose content type with its boundary is set by whoever encodes it. Build it anew for every attempt.
 */
export function buildMessageRequest(
  access: FrontAccess,
  { path, fields, files }: { path: string; fields: object; files: readonly OutgoingFile[] },
): FrontRequest {
  if (files.length === 0) return buildRequest(access, { method: 'POST', path, json: fields })
  return { ...buildRequest(access, { method: 'POST', path }), body: buildForm(fields, files) }
}

/**
 * Path segment of an id or alias (`alt:uid:...`), percent-encoded as Front asks.
 * @throws AppError `invalid_input` for `.` and `..`: however they are written, in a path they mean another place
 */
export function segment(id: string): string {
  if (id === '' || id === '.' || id === '..') {
    throw new AppError('invalid_input', `Nothing in Front can be named “${id}”: choose another id.`)
  }
  return encodeURIComponent(id.toWellFormed())
}

/** Names a message by the uid of its 202 answer, before its id is known. */
export function uidAlias(messageUid: string): string {
  return `alt:uid:${messageUid}`
}

export function meRequest(access: FrontAccess): FrontRequest {
  return buildRequest(access, { method: 'GET', path: '/me' })
}

export function listInboxesRequest(access: FrontAccess): FrontRequest {
  return buildRequest(access, { method: 'GET', path: '/inboxes' })
}

export function listChannelsRequest(access: FrontAccess): FrontRequest {
  return buildRequest(access, { method: 'GET', path: '/channels' })
}

export function listInboxChannelsRequest(access: FrontAccess, inboxId: string): FrontRequest {
  return buildRequest(access, { method: 'GET', path: `/inboxes/${segment(inboxId)}/channels` })
}

export function getChannelRequest(access: FrontAccess, channelId: string): FrontRequest {
  return buildRequest(access, { method: 'GET', path: `/channels/${segment(channelId)}` })
}

/** Front's choices for the time in which a teammate may take a sent message back, in seconds. */
export const UNDO_SEND_TIMES_S = [0, 5, 10, 15, 30, 60] as const
export type UndoSendTimeS = (typeof UNDO_SEND_TIMES_S)[number]

export type ChannelSettings = {
  webhookUrl: string
  undoSendTimeS?: UndoSendTimeS
  allTeammatesCanReply?: boolean
}

export type NewFrontChannel = { inboxId: string; name: string; settings: ChannelSettings }

/** What Front is to call us with: which one depends on how the app signs in to us. */
export type ChannelCredentials =
  | { api_key: string }
  | { username: string; password: string }
  | { access_token: string }
  | { client_id: string; client_secret: string }

/** A channel of an app. Without `credentials` for an app that needs none, or whose user signs in through OAuth later. */
export type NewApplicationChannel = {
  inboxId: string
  name: string
  applicationUid: string
  credentials?: ChannelCredentials | null
  settings?: Omit<ChannelSettings, 'webhookUrl'>
}

/** Creates a custom channel, or a channel of an app, in an inbox (B4). Front may answer without a body. */
export function createChannelRequest(
  access: FrontAccess,
  channel: NewFrontChannel | NewApplicationChannel,
): FrontRequest {
  return buildRequest(access, {
    method: 'POST',
    path: `/inboxes/${segment(channel.inboxId)}/channels`,
    json: {
      type: 'custom',
      name: channel.name,
      settings: channel.settings && toFrontSettings(channel.settings),
      ...('applicationUid' in channel
        ? { application_uid: channel.applicationUid, credentials: channel.credentials ?? undefined }
        : {}),
    },
  })
}

export type FrontChannelChange = { channelId: string; name?: string; inboxId?: string; settings: ChannelSettings }

/**
 * Changes a custom channel (B5). Settings always travel complete with `webhook_url`, because whether Front keeps
 * those left out is not known. A new inbox takes the channel's conversations along.
 */
export function updateChannelRequest(access: FrontAccess, change: FrontChannelChange): FrontRequest {
  return buildRequest(access, {
    method: 'PATCH',
    path: `/channels/${segment(change.channelId)}`,
    json: { name: change.name, inbox_id: change.inboxId, settings: toFrontSettings(change.settings) },
  })
}

function toFrontSettings({ webhookUrl, undoSendTimeS, allTeammatesCanReply }: Partial<ChannelSettings>) {
  return {
    webhook_url: webhookUrl,
    undo_send_time: undoSendTimeS,
    all_teammates_can_reply: allTeammatesCanReply,
  }
}

/** `messageId` is a `msg_...` id or an alias such as `uidAlias(...)`. */
export function getMessageRequest(access: FrontAccess, messageId: string): FrontRequest {
  return buildRequest(access, { method: 'GET', path: `/messages/${segment(messageId)}` })
}

/** One page, newest first; at most 100 messages. */
export function listConversationMessagesRequest(
  access: FrontAccess,
  { conversationId, limit = 50 }: { conversationId: string; limit?: number },
): FrontRequest {
  return buildRequest(access, {
    method: 'GET',
    path: `/conversations/${segment(conversationId)}/messages?limit=${Math.min(limit, 100)}`,
  })
}

/** An internal comment: teammates see it, the customer does not. `body` may hold Markdown. */
export function addCommentRequest(
  access: FrontAccess,
  { conversationId, body }: { conversationId: string; body: string },
): FrontRequest {
  return buildRequest(access, {
    method: 'POST',
    path: `/conversations/${segment(conversationId)}/comments`,
    json: { body },
  })
}

/**
 * Where a file of a message is, rebuilt from ids: the URL in a message may name any host, and our token must not go there.
 * Without a message id Front's older path is used.
 */
export function downloadRequest(
  access: FrontAccess,
  { messageId, attachmentId }: { messageId: string | null; attachmentId: string },
): FrontRequest {
  const path = messageId
    ? `/messages/${segment(messageId)}/download/${segment(attachmentId)}`
    : `/download/${segment(attachmentId)}`
  const request = buildRequest(access, { method: 'GET', path })
  return { ...request, headers: { ...request.headers, accept: '*/*' } }
}
