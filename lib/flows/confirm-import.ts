import type { Transaction } from '#db/client'
import { confirmMessage } from '#db/queries/confirmations'
import { findImported, noteMessageUid } from '#db/queries/imports'
import { addAliases } from '#db/queries/intake'
import { MESSAGE_ID_HEADER } from '#lib/front/custom-message'
import { autoreplyKey } from '#lib/front/events'
import { conversationIdOf, type FrontMessage } from '#lib/front/schemas'

type Import = {
  channelId: string
  message: FrontMessage
  /** Every reference by which Front names the conversation: several where it merged some (T25). */
  references: string[]
}

/**
 * Front has made a message of what we brought there, or of an auto-reply that we carried (F6): its ids become known, and
 * every name of its conversation.
 * @returns our message's id, null when it is not ours
 */
export async function confirmImport(
  tx: Transaction,
  { channelId, message, references }: Import,
): Promise<string | null> {
  const found = await findImported(tx, {
    channelId,
    messageUid: message.message_uid,
    ownIds: ownIdsOf(message),
    frontMessageId: message.id,
    autoreplyKey: autoreplyKey(message),
  })
  if (!found) return null
  const { id: messageId, conversationId, reference } = found
  const frontConversationId = conversationIdOf(message)
  await confirmMessage(tx, { messageId, channelId, frontMessageId: message.id, frontConversationId })
  if (message.message_uid) await noteMessageUid(tx, { messageId, messageUid: message.message_uid })
  await addAliases(tx, { channelId, conversationId, references: references.filter((one) => one !== reference) })
  return messageId
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function ownIdsOf({ metadata }: FrontMessage): string[] {
  const given = [metadata?.external_id, metadata?.headers?.[MESSAGE_ID_HEADER]]
  return given.filter((id): id is string => typeof id === 'string' && UUID.test(id))
}
