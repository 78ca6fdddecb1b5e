import type { Db } from '#db/client'
import { newId } from '#db/ids'
import type { Door } from '#db/queries/intake'
import { type DedupeKey, type NewConversation, type StoredMessage, storeMessage } from '#db/queries/store-message'
import type { Person } from '#db/schema/messages'
import {
  attachmentIdOf,
  authorNameOf,
  conversationIdOf,
  customersOf,
  type FrontMessage,
  type FrontRecipient,
} from '#lib/front/schemas'
import { plainText } from '#lib/plain-text'
import { readTime } from '#lib/provider/fields'

/** A message as Front posts it. An auto-reply has no id yet. */
export type OutgoingMessage = { id: string | null } & Pick<
  FrontMessage,
  | 'message_uid'
  | 'created_at'
  | 'subject'
  | 'body'
  | 'text'
  | 'author'
  | 'recipients'
  | 'attachments'
  | 'metadata'
  | '_links'
>

export type Outgoing = {
  channel: Pick<Door, 'id' | 'kind' | 'contactType' | 'defaultCountry' | 'threading'>
  kind?: 'message' | 'autoreply'
  message: OutgoingMessage
  /** What makes it the same when it comes again. */
  key: DedupeKey
  /** References by which Front names its conversation, in Front's order, and the field that held them. Custom channels: none. */
  named?: { references: string[]; field: string }
  /** As it arrived, parsed and fit for storage. */
  raw: unknown
  /** Which of Front's signatures it carried. */
  signatureVariant: string
  isTest?: boolean
  now: Date
}

type Placed = {
  id?: string
  /** The customer. */
  handle: string
  conversation: NewConversation | { id: string }
  reason: string
}

/** Stores what Front posted in the conversation that was decided on, with its delivery to the provider. */
export function storeFrontMessage(db: Db, outgoing: Outgoing, placed: Placed): Promise<StoredMessage> {
  const { channel, kind = 'message', message, raw, signatureVariant, isTest = false } = outgoing
  const frontConversationId = conversationIdOf(message)
  return storeMessage(db, {
    message: {
      id: placed.id ?? newId(),
      channelId: channel.id,
      direction: 'outbound',
      kind,
      isTest,
      contactHandle: placed.handle,
      contactName: customersOf(message)[0]?.name ?? null,
      author: toAuthor(message),
      recipients: message.recipients.map(toPerson),
      subject: message.subject?.slice(0, 2000) ?? null,
      body: message.body,
      bodyFormat: 'html',
      bodyText: message.text ? plainText(message.text, 'text') : plainText(message.body, 'html'),
      raw,
      attachments: message.attachments.map((file) => ({
        frontId: attachmentIdOf(file) ?? undefined,
        frontUrl: file.url ?? undefined,
        filename: file.filename,
        contentType: file.content_type,
        size: file.size,
      })),
      headers: message.metadata?.headers ?? null,
      threadReason: placed.reason,
      signatureVariant,
      messageUid: message.message_uid,
      frontMessageId: message.id,
      frontConversationId,
      sentAt: message.created_at === null ? null : readTime(message.created_at),
    },
    key: outgoing.key,
    conversation: placed.conversation,
    frontConversationId,
  })
}

function toPerson({ handle, name, role }: FrontRecipient): Person {
  return { handle: handle ?? '', name, role: role ?? 'to' }
}

function toAuthor(message: OutgoingMessage): Person | null {
  const { author } = message
  return author && { id: author.id ?? undefined, name: authorNameOf(message), email: author.email }
}
