import { segment } from '#lib/front/requests'
import type { FrontAccess, FrontRequest } from '#lib/front/transport'

/** Under this name our message id travels in `metadata.headers`, so that a message can be recognised in Front. */
export const MESSAGE_ID_HEADER = 'patchbay_message_id'

/** Front takes no message without text: what stands in for it. */
export const ATTACHMENT_ONLY_BODY = 'Sent an attachment.'
export const EMPTY_BODY = '(no text)'

export type OutgoingFile = { filename: string; contentType: string; bytes: Uint8Array }

export type CustomMessage = {
  /** Our own id of the message. */
  id: string
  sender: { handle: string; name?: string | null; contactId?: string | null }
  subject?: string | null
  body: string
  bodyFormat: 'text' | 'html' | 'markdown'
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

/**
 * Carries a provider's message into a custom channel (A1). JSON without files; with files a form as 3.16 says, since
 * Front drops files inside JSON without a word. Call it anew for every attempt.
 */
export function receiveCustomMessageRequest(
  access: FrontAccess,
  { frontChannelId, message }: { frontChannelId: string; message: CustomMessage },
): FrontRequest {
  const url = `${access.baseUrl}/channels/${segment(frontChannelId)}/incoming_messages`
  const headers = { authorization: `Bearer ${access.token}`, accept: 'application/json' }
  const body = buildBody(message)
  if (message.files.length === 0) {
    return {
      method: 'POST',
      url,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
  }
  // The content type with its boundary is set by whoever encodes the form.
  return { method: 'POST', url, headers, body: buildForm(body, message.files) }
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

function buildText({ body, bodyFormat, files }: CustomMessage): Pick<CustomMessageBody, 'body' | 'body_format'> {
  if (body.trim() === '') return { body: files.length > 0 ? ATTACHMENT_ONLY_BODY : EMPTY_BODY, body_format: 'html' }
  if (bodyFormat === 'text') return { body: textToHtml(body), body_format: 'html' }
  return { body, body_format: bodyFormat }
}

/** Text as HTML that shows the same: nothing in it is markup, lines and runs of spaces stay. */
export function textToHtml(text: string): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
  return escaped
    .replaceAll(/\r\n?|\n/g, '<br>')
    .replaceAll('\t', '&nbsp;&nbsp;&nbsp; ')
    .replaceAll('  ', '&nbsp; ')
    .replaceAll(/(^|<br>) /g, '$1&nbsp;')
}

function buildForm(body: CustomMessageBody, files: readonly OutgoingFile[]): FormData {
  const form = new FormData()
  appendField(form, '', body)
  for (const [index, file] of files.entries()) {
    form.append(
      `attachments[${index}]`,
      new Blob([new Uint8Array(file.bytes)], { type: file.contentType }),
      file.filename,
    )
  }
  return form
}

/** Bracket notation: `sender[handle]`, `metadata[headers][x]`, `to[0]`. What has no value is left out. */
function appendField(form: FormData, name: string, value: unknown): void {
  if (value === undefined || value === null) return
  if (typeof value !== 'object') {
    form.append(name, String(value))
    return
  }
  for (const [key, child] of Object.entries(value)) {
    // A key of the provider's own may hold brackets, which would mean another level.
    const part = key.replaceAll(/[[\]]/g, '_')
    appendField(form, name ? `${name}[${part}]` : part, child)
  }
}
