import type { Db } from '#db/client'
import { type Door, findByReference, findLatestConversation, lockContact } from '#db/queries/intake'
import { decideThread, type ThreadDecision, type ThreadedMessage } from '#lib/threading/decide'
import type { ThreadingRule } from '#lib/threading/rules'

type Placing = {
  rule: ThreadingRule
  channel: Pick<Door, 'id' | 'kind'>
  message: ThreadedMessage
  messageId: string
  now: Date
}

/** `known`: a conversation that is there already, whatever its key. */
export type Place = ThreadDecision & { known: { id: string } | null }

/**
 * Where a provider's message belongs. Providers of application channels may name a conversation as Front does, by any
 * reference that it ever had.
 * @throws AppError `invalid_input` when the rule needs a field that the message does not have
 */
export async function placeIncoming(db: Db, { rule, channel, message, messageId, now }: Placing): Promise<Place> {
  const { id: channelId, kind } = channel
  const contact = { channelId, contactHandle: message.sender.handle }
  const latest = rule.type === 'session' ? await findLatest(db, contact) : null
  const decision = decideThread({ rule, kind, message, channelId, messageId, latest, now })
  if (kind !== 'application' || rule.type !== 'provider') return { ...decision, known: null }
  return { ...decision, known: await findByReference(db, { channelId, key: decision.key }) }
}

/** Under a lock: of two first messages at once, the second sees the session that the first one began. */
async function findLatest(db: Db, contact: { channelId: string; contactHandle: string }) {
  await lockContact(db, contact)
  const latest = await findLatestConversation(db, contact)
  return latest && { key: latest.key, startedAt: latest.createdAt, lastMessageAt: latest.lastMessageAt }
}
