import type { OutgoingFile } from '#lib/front/form'
import { type BodyFormat, placeholderFor, textToHtml } from '#lib/front/message-text'
import { buildMessageRequest, segment } from '#lib/front/requests'
import type { FrontAccess, FrontRequest } from '#lib/front/transport'

/** The longest id that Front keeps of ours: of a message, of a conversation, of the message that is answered. */
export const LONGEST_EXTERNAL_ID = 200

/** Somebody outside Front. `email` joins them to a contact that Front knows by it already. */
export type Party = { handle: string; name?: string | null; email?: string | null }

type SyncedMessage = {
  /** Our own id of the message: Front's `external_id`. */
  id: string
  /** Which conversation it belongs to: Front's `external_conversation_id`. */
  reference: string
  /** Our id of the message that this one answers, where it answers one in particular. */
  repliesToId?: string | null
  subject?: string | null
  body: string
  bodyFormat: BodyFormat
  /** When it was written in the provider's system. */
  sentAt?: Date | null
  files: readonly OutgoingFile[]
}

/** A customer's message. */
export type InboundSync = SyncedMessage & { sender: Party }

/** A message that somebody on our side has sent already, outside Front. */
export type OutboundSync = SyncedMessage & {
  to: readonly Party[]
  /** Who wrote it, in words. */
  senderName?: string | null
  /** `tea_...` of the teammate who wrote it. */
  authorId?: string | null
}

/** Carries a customer's message into an application channel (A2). Call it anew for every attempt. */
export function syncInboundMessageRequest(
  access: FrontAccess,
  { frontChannelId, message }: { frontChannelId: string; message: InboundSync },
): FrontRequest {
  return buildMessageRequest(access, {
    path: `/channels/${segment(frontChannelId)}/inbound_messages`,
    fields: { sender: toFrontParty(message.sender), ...commonFields(message) },
    files: message.files,
  })
}

/** Shows a message in an application channel that was sent outside Front (A3). Call it anew for every attempt. */
export function syncOutboundMessageRequest(
  access: FrontAccess,
  { frontChannelId, message }: { frontChannelId: string; message: OutboundSync },
): FrontRequest {
  return buildMessageRequest(access, {
    path: `/channels/${segment(frontChannelId)}/outbound_messages`,
    fields: {
      to: message.to.map(toFrontParty),
      ...(message.senderName ? { sender_name: message.senderName } : {}),
      ...(message.authorId ? { author_id: message.authorId } : {}),
      ...commonFields(message),
    },
    files: message.files,
  })
}

function toFrontParty({ handle, name, email }: Party) {
  return { handle, ...(name ? { name } : {}), ...(email ? { email } : {}) }
}

function commonFields(message: SyncedMessage) {
  const { id, reference, repliesToId, subject, sentAt } = message
  return {
    ...(subject ? { subject } : {}),
    body: toHtml(message),
    metadata: {
      external_id: id,
      external_conversation_id: reference,
      ...(repliesToId ? { referenced_message_external_id: repliesToId } : {}),
    },
    ...(sentAt ? { delivered_at: Math.floor(sentAt.getTime() / 1000) } : {}),
  }
}

/**
 * These calls have no `body_format`: Front reads HTML. Markdown is shown as it was written, line by line, because turning it
 * into HTML here would be one more guess at its dialect, and the signs of a text that was none would be lost.
 */
function toHtml(message: SyncedMessage): string {
  return placeholderFor(message) ?? (message.bodyFormat === 'html' ? message.body : textToHtml(message.body))
}
