import type { OutgoingFile } from '#lib/front/form'
import { type BodyFormat, placeholderFor, textToHtml } from '#lib/front/message-text'
import { buildMessageRequest, segment } from '#lib/front/requests'
import type { FrontAccess, FrontRequest } from '#lib/front/transport'

/** Under this name our message id travels in `metadata.headers`, so that a message can be recognised in Front. */
export const MESSAGE_ID_HEADER = 'patchbay_message_id'

export type CustomMessage = {
  /** Our own id of the message. */
  id: string
  sender: { handle: string; name?: string | null; contactId?: string | null }
  subject?: string | null
  body: string
  bodyFormat: BodyFormat
  /** Null lets Front thread by sender. */
  reference: string | null
  /** Free data of the provider, beside our own id. */
  headers?: Record<string, unknown> | null
  files: readonly OutgoingFile[]
}

type CustomMessageBody = {
  sender: { handle: string; name?: string; contact_id?: string }
  subject?: string
  body: string
  body_format: 'html' | 'markdown'
  metadata: { thread_ref?: string; headers: Record<string, unknown> }
}

/** Carries a provider's message into a custom channel (A1). Call it anew for every attempt. */
export function receiveCustomMessageRequest(
  access: FrontAccess,
  { frontChannelId, message }: { frontChannelId: string; message: CustomMessage },
): FrontRequest {
  return buildMessageRequest(access, {
    path: `/channels/${segment(frontChannelId)}/incoming_messages`,
    fields: buildBody(message),
    files: message.files,
  })
}

function buildBody(message: CustomMessage): CustomMessageBody {
  const { sender } = message
  return {
    sender: {
      handle: sender.handle,
      ...(sender.name ? { name: sender.name } : {}),
      ...(sender.contactId ? { contact_id: sender.contactId } : {}),
    },
    ...(message.subject ? { subject: message.subject } : {}),
    ...buildText(message),
    metadata: {
      ...(message.reference === null ? {} : { thread_ref: message.reference }),
      headers: { ...message.headers, [MESSAGE_ID_HEADER]: message.id },
    },
  }
}

function buildText(message: CustomMessage): Pick<CustomMessageBody, 'body' | 'body_format'> {
  const placeholder = placeholderFor(message)
  if (placeholder !== null) return { body: placeholder, body_format: 'html' }
  const { body, bodyFormat } = message
  return bodyFormat === 'text' ? { body: textToHtml(body), body_format: 'html' } : { body, body_format: bodyFormat }
}
