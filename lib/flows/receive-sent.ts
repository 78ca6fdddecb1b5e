import type { Database, Transaction } from '#db/client'
import { findCarried, learnExternalId, listUnnamedReplies } from '#db/queries/echoes'
import { lockContact } from '#db/queries/intake'
import type { Person } from '#db/schema/messages'
import {
  type ProviderMessage,
  type Received,
  requireHandle,
  storeProviderMessage,
} from '#lib/flows/store-provider-message'
import { plainText } from '#lib/plain-text'
import type { SentMessage } from '#lib/provider/schemas'

export type Sent = ProviderMessage & { message: SentMessage }

/** A provider tells of a reply at once; after this long the same text is a message of its own. */
const ECHO_WINDOW_MS = 120_000

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Takes in what was sent to a customer outside Front, such as by a bot. A reply that we carried ourselves comes back from
 * many providers as if it were one: it is recognised by either side's id, or by its text while the provider's answer to
 * it is still on the way, and stored no second time. The provider's id is learned then.
 * @throws AppError as `receiveIncoming`
 */
export async function receiveSent(db: Database, sent: Sent): Promise<Received | { echoOf: string }> {
  const { channel, message } = sent
  const to = message.to.map((one, index) => ({
    ...one,
    handle: requireHandle(channel, one.handle, `to.${index}.handle`),
  }))
  const [contact] = to
  if (!contact) throw new Error('A parsed message names somebody.')
  return db.transaction(async (tx) => {
    // Two echoes of two replies with the same text must not both be taken for the first of them.
    await lockContact(tx, { channelId: channel.id, contactHandle: contact.handle })
    const echoOf = await findEcho(tx, sent, contact.handle)
    if (echoOf) return { echoOf }
    const recipients = to.map((one): Person => ({ ...one, role: 'to' }))
    const more = { kind: 'sent_elsewhere' as const, author: authorOf(message), recipients }
    return storeProviderMessage(tx, { ...sent, contact, more })
  })
}

function authorOf({ sender_name: name, author_id: id }: SentMessage): Person | null {
  return name === null && id === null ? null : { name, id: id ?? undefined }
}

/**
 * Replies by their text first, ids after: an answer that is stored between the two has its id then, and one that is
 * stored later was still without.
 */
async function findEcho(tx: Transaction, { channel, message, now }: Sent, contactHandle: string) {
  const { message_id: named, external_id: externalId } = message
  const since = new Date(now.getTime() - ECHO_WINDOW_MS)
  const unnamed = await listUnnamedReplies(tx, { channelId: channel.id, contactHandle, since, now })
  const ownId = named !== null && UUID.test(named) ? named : null
  const carried = await findCarried(tx, { channelId: channel.id, ownId, externalId })
  const text = comparable(plainText(message.body, message.body_format))
  const echoOf = carried ?? unnamed.find((reply) => comparable(reply.text) === text)?.id ?? null
  if (echoOf && externalId) await learnExternalId(tx, { channelId: channel.id, messageId: echoOf, externalId })
  return echoOf
}

/** Providers trim and wrap texts in their own ways. */
function comparable(text: string): string {
  return text.normalize('NFKC').replaceAll(/\s+/g, ' ').trim()
}
