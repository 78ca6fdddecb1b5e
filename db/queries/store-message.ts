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

type StoredRow = {
  outcome: StoredMessage['outcome']
  message_id: string
  conversation_id: string | null
  conversation_key: string | null
  reference: string | null
  is_new: boolean
}

/**
 * Stores a message with its conversation, its key and its delivery, which is put in its lane: one statement, all or
 * nothing. Concurrent calls with the same key store one message; the others wait for it and get `duplicate`.
 */
export async function storeMessage(db: Db, input: StoreMessage): Promise<StoredMessage> {
  const given = JSON.stringify({
    message: toRow(input.message),
    key: input.key && toRow(input.key),
    conversation: toRow(input.conversation),
    front_conversation_id: input.frontConversationId,
  })
  const [row] = await runPrepared<StoredRow>(db, 'select * from store_message($1::text::jsonb)', [given])
  if (!row) throw new Error('store_message returned nothing.')
  return fromRow(row)
}

/** A message that waits to be stored with others, written out once. */
export type WrittenMessage = { id: string; message: string; key: string | null; place: string; bytes: number }

/** For `storeWritten`. Messages that Front posted are stored by themselves. */
export function writeOut({ message, key, conversation }: StoreMessage): WrittenMessage {
  const { id, channelId, direction, contactName } = message
  const written = JSON.stringify(toRow(message))
  const place = { messageId: id, channelId, direction, contactName, conversation: toRow(conversation) }
  return {
    id,
    message: written,
    key: key && JSON.stringify(toRow({ channelId, messageId: id, ...key })),
    place: JSON.stringify(toRow(place)),
    bytes: written.length,
  }
}

/**
 * Stores several messages in one statement, all or nothing, with the same ends as `storeMessage` for each in the order of
 * their ids. Gives up rather than wait long for somebody else's lock.
 * @returns one for each, in the order given
 */
export async function storeWritten(db: Db, all: WrittenMessage[]): Promise<StoredMessage[]> {
  const list = (texts: (string | null)[]) => `[${texts.filter((text) => text !== null).join(',')}]`
  const rows = await runPrepared<StoredRow & { given_id: string }>(
    db,
    'select * from store_messages($1::text::jsonb, $2::text::jsonb, $3::text::jsonb)',
    [list(all.map(({ message }) => message)), list(all.map(({ key }) => key)), list(all.map(({ place }) => place))],
  )
  const ends = new Map(rows.map((row) => [row.given_id, fromRow(row)]))
  return all.map(({ id }) => {
    const stored = ends.get(id)
    if (!stored) throw new Error('store_messages left a message out.')
    return stored
  })
}

function fromRow({ outcome, message_id: id, conversation_id, conversation_key: key, reference, is_new }: StoredRow) {
  const isKnown = conversation_id !== null && key !== null
  return { outcome, id, conversation: isKnown ? { id: conversation_id, key, reference, isNew: is_new } : null }
}

const columnNames = new Map<string, string>()

/** Column names as the database has them. */
function toRow(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [columnName(name), value]))
}

function columnName(name: string): string {
  const known = columnNames.get(name)
  if (known !== undefined) return known
  const column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  columnNames.set(name, column)
  return column
}
