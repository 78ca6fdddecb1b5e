import type { Db } from '#db/client'
import { runPrepared } from '#db/prepared'
import type { MessageKeyKind } from '#db/schema/message-keys'
import type { messages } from '#db/schema/messages'

type Message = typeof messages.$inferInsert

/** A message as its door made it; conversation, reference and `startsConversation` are filled in when it is stored. */
export type NewMessage = Omit<
  Message,
  'conversationId' | 'reference' | 'startsConversation' | 'acceptedAt' | 'confirmedAt' | 'createdAt' | 'frontState'
>

export type NewConversation = {
  id: string
  key: string
  reference: string | null
  contactHandle: string
  contactName: string | null
  isTest: boolean
}

/** The other side's id for the message: what makes it unique. Hashes that differ make a conflict. */
export type DedupeKey = { kind: MessageKeyKind; value: string; bodyHash: string | null }

export type StoreMessage = {
  message: NewMessage
  key: DedupeKey | null
  /** One that is known by id, or one that is found by its key and made at need. */
  conversation: NewConversation | { id: string }
  /** Front's id of the conversation, when the message came from there. */
  frontConversationId: string | null
}

export type StoredMessage = {
  outcome: 'stored' | 'duplicate' | 'conflict'
  id: string
  /** Null only for a duplicate whose message the log no longer holds. */
  conversation: { id: string; key: string; reference: string | null; isNew: boolean } | null
}

/**
 * Stores a message with its conversation, its key and its delivery, which is put in its lane: one statement, all or
 * nothing. Concurrent calls with the same key store one message; the others wait for it and get `duplicate`.
 */
export async function storeMessage(db: Db, input: StoreMessage): Promise<StoredMessage> {
  const given = JSON.stringify({
    message: toRow(input.message),
    key: input.key && { kind: input.key.kind, value: input.key.value, body_hash: input.key.bodyHash },
    conversation: toRow(input.conversation),
    front_conversation_id: input.frontConversationId,
  })
  const [row] = await runPrepared<{
    outcome: StoredMessage['outcome']
    message_id: string
    conversation_id: string | null
    conversation_key: string | null
    reference: string | null
    is_new: boolean
  }>(db, 'select * from store_message($1::text::jsonb)', [given])
  if (!row) throw new Error('store_message returned nothing.')
  const { outcome, message_id: id, conversation_id: conversationId, conversation_key: key, reference } = row
  const conversation =
    conversationId === null || key === null ? null : { id: conversationId, key, reference, isNew: row.is_new }
  return { outcome, id, conversation }
}

/** Column names as the database has them. */
function toRow(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), value]),
  )
}
