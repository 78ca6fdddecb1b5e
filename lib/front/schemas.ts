import { z } from 'zod'

// What Front sends is read loosely: unknown fields pass, and whatever may be missing or null may be either.
const text = z.string().nullish()
/** Beyond this it is no id, and no index could hold it. */
const LONGEST_ID = 500
const looseText = z.string().nullable().catch(null).default(null)

const links = z
  .looseObject({
    self: text,
    related: z
      .looseObject({
        conversation: text,
        message_replied_to: text,
        inbox: text,
        owner: z.unknown().optional(),
      })
      .nullish()
      .catch(null),
  })
  .nullish()
  .catch(null)

const recipient = z.looseObject({
  handle: z.string().nullable().catch(null).default(null),
  name: looseText,
  role: looseText,
})

const author = z.looseObject({
  id: looseText,
  email: looseText,
  username: looseText,
  first_name: looseText,
  last_name: looseText,
})

const attachment = z.looseObject({
  id: looseText,
  filename: z.string().catch('file').default('file'),
  url: looseText,
  content_type: z.string().catch('application/octet-stream').default('application/octet-stream'),
  size: z.number().int().nonnegative().catch(0).default(0),
  metadata: z.looseObject({ is_inline: z.boolean().nullish(), cid: text }).nullish().catch(null),
})

/** A message of Front: the body of a custom channel's outgoing post, and what `GET /messages/{id}` answers. */
export const frontMessage = z.looseObject({
  id: z.string().min(1).max(LONGEST_ID),
  message_uid: looseText,
  type: looseText,
  is_inbound: z.boolean().nullable().catch(null).default(null),
  is_draft: z.boolean().nullable().catch(null).default(null),
  error_type: looseText,
  created_at: z.number().nullable().catch(null).default(null),
  subject: looseText,
  blurb: looseText,
  body: z
    .string()
    .nullable()
    .default('')
    .transform((body) => body ?? ''),
  text: looseText,
  author: author.nullable().catch(null).default(null),
  recipients: z
    .array(recipient)
    .nullable()
    .catch(null)
    .default([])
    .transform((list) => list ?? []),
  attachments: z
    .array(attachment)
    .nullable()
    .default([])
    .transform((list) => list ?? []),
  metadata: z
    .looseObject({
      thread_ref: text,
      headers: z.record(z.string(), z.unknown()).nullish().catch(null),
      external_id: text,
    })
    .nullable()
    .catch(null)
    .default(null),
  _links: links,
})
export type FrontMessage = z.infer<typeof frontMessage>
export type FrontAttachment = FrontMessage['attachments'][number]
export type FrontRecipient = FrontMessage['recipients'][number]

export const frontChannel = z.looseObject({
  id: z.string().min(1),
  name: looseText,
  address: looseText,
  send_as: looseText,
  type: looseText,
  is_valid: z.boolean().nullable().catch(null).default(null),
  is_private: z.boolean().nullable().catch(null).default(null),
  _links: links,
})
export type FrontChannel = z.infer<typeof frontChannel>

export const frontInbox = z.looseObject({
  id: z.string().min(1),
  name: z.string().catch('').default(''),
  is_private: z.boolean().nullable().catch(null).default(null),
})
export type FrontInbox = z.infer<typeof frontInbox>

/** `GET /me`: the company that a token belongs to. The id was a number until 2025-09. */
export const frontIdentity = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  name: z.string().catch('').default(''),
})
export type FrontIdentity = z.infer<typeof frontIdentity>

/** The 202 of calls that make a message: it will exist under this uid, but may not exist yet. */
export const acceptedMessage = z.looseObject({ status: looseText, message_uid: z.string().min(1) })
export type AcceptedMessage = z.infer<typeof acceptedMessage>

/** A list of Front with its link to the next page, null on the last one. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.looseObject({
    _results: z.array(item),
    _pagination: z.looseObject({ next: text }).nullish().catch(null),
  })
}

/** The last path segment of a link without its query: the id that it names. Null for what is no link. */
export function idFromLink(link: string | null | undefined): string | null {
  const path = link?.split(/[?#]/)[0]?.replace(/\/+$/, '')
  const last = path?.slice(path.lastIndexOf('/') + 1)
  const id = last ? safeDecode(last) : ''
  return id === '' || id.length > LONGEST_ID || /\p{Cc}/u.test(id) ? null : id
}

/** Front's id of the conversation that a message belongs to. */
export function conversationIdOf(message: Pick<FrontMessage, '_links'>): string | null {
  return idFromLink(message._links?.related?.conversation)
}

/** Front's id of the message that this one answers. */
export function repliedToIdOf(message: Pick<FrontMessage, '_links'>): string | null {
  return idFromLink(message._links?.related?.message_replied_to)
}

/** The id of a file; older payloads name it only in the link. */
export function attachmentIdOf(file: Pick<FrontAttachment, 'id' | 'url'>): string | null {
  return file.id ?? idFromLink(file.url)
}

/** The inbox of a channel, null where Front does not say. */
export function inboxIdOf(channel: Pick<FrontChannel, '_links'>): string | null {
  return idFromLink(channel._links?.related?.inbox)
}

/** A teammate's name as a customer may see it; null for a rule or when Front gives none. */
export function authorNameOf(message: Pick<FrontMessage, 'author'>): string | null {
  const { author: writer } = message
  if (!writer) return null
  return [writer.first_name, writer.last_name].filter(Boolean).join(' ') || writer.username || writer.email
}

/** Whom the message is for: the `to` recipients, else everybody but the channel's own `from`. */
export function customersOf(message: Pick<FrontMessage, 'recipients'>): FrontRecipient[] {
  const reachable = message.recipients.filter((person) => person.handle)
  const to = reachable.filter((person) => person.role === 'to')
  return to.length > 0 ? to : reachable.filter((person) => person.role !== 'from')
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
