import type { Database, Db } from '#db/client'
import { newId } from '#db/ids'
import { type Door, findConversation, lockContact, type Trace, traceFrontMessage } from '#db/queries/intake'
import { type NewConversation, type StoredMessage, storeMessage } from '#db/queries/store-message'
import type { Person } from '#db/schema/messages'
import { AppError } from '#lib/errors'
import { placeOutgoing } from '#lib/flows/place-outgoing'
import { MESSAGE_ID_HEADER } from '#lib/front/custom-message'
import {
  attachmentIdOf,
  authorNameOf,
  conversationIdOf,
  customersOf,
  type FrontMessage,
  repliedToIdOf,
} from '#lib/front/schemas'
import { plainText } from '#lib/plain-text'
import { readTime } from '#lib/provider/fields'
import { checkHandle } from '#lib/provider/handles'

export type Outgoing = {
  channel: Pick<Door, 'id' | 'kind' | 'contactType' | 'defaultCountry' | 'threading'>
  message: FrontMessage
  /** As it arrived, parsed and fit for storage. */
  raw: unknown
  /** Which of Front's signatures it carried. */
  signatureVariant: string
  isTest?: boolean
  now: Date
}

/** `echo`: Front posted a message that we brought there ourselves; it must not go back to the provider. */
export type ReceivedOutgoing = { id: string; outcome: 'stored' | 'duplicate' | 'echo' }

/**
 * Takes a reply that Front posts: stored once per Front message id, in the conversation that Front's ids, the message
 * it answers or its reference name; else in the recipient's.
 * @throws AppError `invalid_input` when it names neither a known conversation nor anybody to send to
 */
export async function receiveOutgoing(db: Database, outgoing: Outgoing): Promise<ReceivedOutgoing> {
  const traces = readTraces(outgoing)
  const trace = await traceFrontMessage(db, traces)
  if (trace.echoOf) return { id: trace.echoOf, outcome: 'echo' }
  const handle = recipientHandle(outgoing)
  if (trace.found) return finish(await storeInKnown(db, outgoing, { handle, found: trace.found }))
  if (handle === null) throw nobody()
  // Two replies of one new conversation at once must find one another, and a customer who writes at this moment too.
  return db.transaction(async (tx) => {
    await lockContact(tx, { channelId: outgoing.channel.id, contactHandle: handle })
    const again = await traceFrontMessage(tx, traces)
    if (again.found) return finish(await storeInKnown(tx, outgoing, { handle, found: again.found }))
    const id = newId()
    const place = await placeOutgoing(tx, { ...outgoing, handle, messageId: id })
    const contactName = customersOf(outgoing.message)[0]?.name ?? null
    const isTest = outgoing.isTest ?? false
    const conversation = {
      id: newId(),
      key: place.key,
      reference: place.reference,
      contactHandle: handle,
      contactName,
      isTest,
    }
    return finish(await store(tx, outgoing, { id, handle, conversation, reason: place.reason }))
  })
}

function readTraces({ channel, message }: Outgoing) {
  const own = message.metadata?.headers?.[MESSAGE_ID_HEADER]
  return {
    channelId: channel.id,
    frontMessageId: message.id,
    messageUid: message.message_uid,
    frontConversationId: conversationIdOf(message),
    repliedToId: repliedToIdOf(message),
    ownMessageId: typeof own === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(own) ? own : null,
    reference: message.metadata?.thread_ref || null,
  }
}

/** As incoming handles are written, so that both ways meet; what Front knows and we cannot check stays as it is. */
function recipientHandle({ channel, message }: Outgoing): string | null {
  const handle = customersOf(message)[0]?.handle?.trim().slice(0, 500)
  if (!handle) return null
  const checked = checkHandle({ ...channel, handle })
  return checked.ok ? checked.handle : handle
}

async function storeInKnown(
  db: Db,
  outgoing: Outgoing,
  { handle, found }: { handle: string | null; found: NonNullable<Trace['found']> },
): Promise<StoredMessage> {
  const { conversationId } = found
  const contact = handle ?? (await findConversation(db, conversationId))?.contactHandle
  if (contact === undefined) throw nobody()
  const reason = REASONS[found.by]
  return store(db, outgoing, { id: newId(), handle: contact, conversation: { id: conversationId }, reason })
}

const REASONS: Record<NonNullable<Trace['found']>['by'], string> = {
  front_conversation: 'Front’s conversation is known: it belongs to this one.',
  replied_to: 'It answers a message of this conversation.',
  own_id: 'It carries the id of a message that we brought to Front in this conversation.',
  reference: 'It carries this conversation’s reference.',
}

type Placed = { id: string; handle: string; conversation: NewConversation | { id: string }; reason: string }

function store(db: Db, outgoing: Outgoing, { id, handle, conversation, reason }: Placed): Promise<StoredMessage> {
  const { channel, message, raw, signatureVariant, isTest = false } = outgoing
  const frontConversationId = conversationIdOf(message)
  return storeMessage(db, {
    message: {
      id,
      channelId: channel.id,
      direction: 'outbound',
      isTest,
      contactHandle: handle,
      contactName: customersOf(message)[0]?.name ?? null,
      author: toAuthor(message),
      recipients: message.recipients.map(({ handle: to, name, role }) => ({
        handle: to ?? '',
        name,
        role: role ?? 'to',
      })),
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
      threadReason: reason,
      signatureVariant,
      messageUid: message.message_uid,
      frontMessageId: message.id,
      frontConversationId,
      sentAt: message.created_at === null ? null : readTime(message.created_at),
    },
    key: { kind: 'front', value: message.id, bodyHash: null },
    conversation,
    frontConversationId,
  })
}

function toAuthor(message: FrontMessage): Person | null {
  const { author } = message
  return author && { id: author.id ?? undefined, name: authorNameOf(message), email: author.email }
}

function finish({ id, outcome }: StoredMessage): ReceivedOutgoing {
  return { id, outcome: outcome === 'stored' ? 'stored' : 'duplicate' }
}

function nobody(): AppError {
  return new AppError('invalid_input', 'The message names nobody to send it to.', {
    details: [{ path: 'recipients', message: 'needs a handle with the role to' }],
  })
}
