import { newId } from '#db/ids'
import type { StoreMessage } from '#db/queries/store-message'

/** A message in few words, such as a property test makes up. */
export type Told = {
  /** Which id the provider gives it; null for none. */
  key: number | null
  /** Which content that id comes with. */
  content: number
  /** Into which conversation, by its key. */
  talk: number
  name: string | null
  /** Names a conversation that is not there, which the database refuses. */
  isBad?: boolean
}

/**
 * The message as its door makes it.
 * @param known the conversation of talk 0, when it is there already
 */
export function tell(
  channelId: string,
  { key, content, talk, name, isBad = false }: Told,
  known?: string,
): StoreMessage {
  const contact = { contactHandle: `visitor-${talk}`, contactName: name }
  const text = `Content ${content}`
  return {
    message: {
      ...{ id: newId(), channelId, direction: 'inbound', ...contact, body: text, bodyFormat: 'text', bodyText: text },
      ...{ externalId: key === null ? null : `key ${key}`, raw: { text }, attachments: [], threadReason: 'test' },
    },
    key: key === null ? null : { kind: 'provider', value: `key ${key}`, bodyHash: `hash ${content}` },
    conversation: isBad
      ? { id: newId() }
      : talk === 0 && known
        ? { id: known }
        : { id: newId(), key: `talk ${talk}`, reference: `ref ${talk}`, ...contact, isTest: false },
    frontConversationId: null,
  }
}
