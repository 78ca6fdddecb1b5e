import type { Database, Db, Transaction } from '#db/client'
import { newId } from '#db/ids'
import { addAliases, giveReference, lockContact, lockReference } from '#db/queries/intake'
import type { StoredMessage } from '#db/queries/store-message'
import { type FoundConversation, type FrontTraces, type TraceKind, traceFrontMessage } from '#db/queries/trace'
import { AppError } from '#lib/errors'
import { placeOutgoing } from '#lib/flows/place-outgoing'
import { type Outgoing, storeFrontMessage } from '#lib/flows/store-front-message'
import { MESSAGE_ID_HEADER } from '#lib/front/custom-message'
import { conversationIdOf, customersOf, repliedToIdOf } from '#lib/front/schemas'
import { checkHandle } from '#lib/provider/handles'
import { deriveReference } from '#lib/threading/decide'

/** `echo`: Front posted a message that we brought there ourselves; it must not go back to the provider. */
export type ReceivedOutgoing = {
  id: string
  /** By which Front threads its conversation; never null for application channels. */
  reference: string | null
  outcome: 'stored' | 'duplicate' | 'echo'
}

/**
 * Takes a reply that Front posts: stored once per key, in the conversation that Front's ids, the message it answers or
 * its reference name; else in the recipient's.
 * @throws AppError `invalid_input` when it names neither a known conversation nor anybody to send to
 */
export async function receiveOutgoing(db: Database, outgoing: Outgoing): Promise<ReceivedOutgoing> {
  // Into a known conversation is a single statement, which needs no transaction around it.
  return (await storeInKnown(db, outgoing)) ?? db.transaction((tx) => storeInNew(tx, outgoing))
}

/** The same in a transaction of the caller's. */
export async function storeOutgoing(tx: Transaction, outgoing: Outgoing): Promise<ReceivedOutgoing> {
  return (await storeInKnown(tx, outgoing)) ?? storeInNew(tx, outgoing)
}

async function storeInKnown(db: Db, outgoing: Outgoing): Promise<ReceivedOutgoing | null> {
  const { found, echo } = await traceFrontMessage(db, readTraces(outgoing))
  if (echo) return { ...echo, outcome: 'echo' }
  if (!found) return null
  if (found.reference === null && outgoing.channel.kind === 'application') {
    const reference = deriveReference(outgoing.channel.id, `conversation ${found.id}`)
    await giveReference(db, { conversationId: found.id, reference })
  }
  const handle = recipientHandle(outgoing) ?? found.contactHandle
  const conversation = { id: found.id }
  const stored = await storeFrontMessage(db, outgoing, { handle, conversation, reason: reasonOf(found, outgoing) })
  return finish(db, outgoing, stored, found.reference)
}

/**
 * Two replies of one new conversation at once must find one another, by the name that Front has for it or by its
 * customer, and a customer who writes at this moment too.
 */
async function storeInNew(tx: Transaction, outgoing: Outgoing): Promise<ReceivedOutgoing> {
  const { channel, isTest = false, message } = outgoing
  const handle = recipientHandle(outgoing)
  if (handle === null) throw nobody()
  const [name] = outgoing.named?.references ?? []
  if (name !== undefined) await lockReference(tx, { channelId: channel.id, reference: name })
  await lockContact(tx, { channelId: channel.id, contactHandle: handle })
  const known = await storeInKnown(tx, outgoing)
  if (known) return known
  const id = newId()
  const contactName = customersOf(message)[0]?.name ?? null
  const { key, reference, reason } = await placeOutgoing(tx, { ...outgoing, handle, messageId: id })
  const conversation = { id: newId(), key, reference, contactHandle: handle, contactName, isTest }
  const stored = await storeFrontMessage(tx, outgoing, { id, handle, conversation, reason })
  return finish(tx, outgoing, stored, reference)
}

function readTraces({ channel, message, named }: Outgoing): FrontTraces {
  const given = message.metadata?.headers?.[MESSAGE_ID_HEADER] ?? message.metadata?.external_id
  return {
    channelId: channel.id,
    named: named?.references ?? [],
    frontMessageId: message.id,
    messageUid: message.message_uid,
    frontConversationId: conversationIdOf(message),
    repliedToId: repliedToIdOf(message),
    ownMessageId: typeof given === 'string' && UUID.test(given) ? given : null,
    reference: (channel.kind === 'custom' && message.metadata?.thread_ref) || null,
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** As incoming handles are written, so that both ways meet; what Front knows and we cannot check stays as it is. */
function recipientHandle({ channel, message }: Outgoing): string | null {
  const handle = customersOf(message)[0]?.handle?.trim().slice(0, 500)
  if (!handle) return null
  const checked = checkHandle({ ...channel, handle })
  return checked.ok ? checked.handle : handle
}

function reasonOf({ by }: FoundConversation, { named }: Outgoing): string {
  const words: Record<TraceKind, string> = {
    named: `Front named it: ${named?.field} holds this conversation’s reference.`,
    named_before: `Front named it: ${named?.field} holds a reference that Front told for this conversation before.`,
    front_conversation: 'Front’s conversation is known: it belongs to this one.',
    replied_to: 'It answers a message of this conversation.',
    own_id: 'It carries the id of a message that we brought to Front in this conversation.',
    reference: 'It carries this conversation’s reference.',
  }
  return words[by]
}

/** Front's other names for the conversation are kept with it. A duplicate is answered as the first time. */
async function finish(
  db: Db,
  { channel, named }: Outgoing,
  { id, outcome, conversation }: StoredMessage,
  placed: string | null,
): Promise<ReceivedOutgoing> {
  const reference = conversation ? conversation.reference : placed
  if (outcome !== 'stored') return { id, reference, outcome: 'duplicate' }
  const references = named?.references.filter((one) => one !== reference) ?? []
  if (conversation) await addAliases(db, { channelId: channel.id, conversationId: conversation.id, references })
  return { id, reference, outcome }
}

function nobody(): AppError {
  return new AppError('invalid_input', 'The message names nobody to send it to.', {
    details: [{ path: 'recipients', message: 'needs a handle with the role to' }],
  })
}
