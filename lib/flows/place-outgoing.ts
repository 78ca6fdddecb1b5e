import type { Db } from '#db/client'
import type { Channel } from '#db/queries/channels'
import { findLatestConversation } from '#db/queries/intake'
import { decideThread, deriveReference, type ThreadDecision } from '#lib/threading/decide'
import { threadingRule } from '#lib/threading/rules'

type Placing = { channel: Pick<Channel, 'id' | 'kind' | 'threading'>; handle: string; messageId: string; now: Date }

/**
 * Where a message goes that a teammate began, not answering anything we know. Rules that look at the recipient alone
 * decide as they will when the customer writes back. The others need fields that only the provider sends: there it
 * joins what was last said with this person, or begins a conversation under its own name.
 * Call it under the contact's lock.
 */
export async function placeOutgoing(db: Db, { channel, handle, messageId, now }: Placing): Promise<ThreadDecision> {
  const rule = threadingRule.parse(channel.threading)
  const found = await findLatestConversation(db, { channelId: channel.id, contactHandle: handle })
  if (rule.type === 'provider' || rule.type === 'template') {
    if (found) {
      const reason = `A teammate began it; it joins the latest conversation with ${handle}.`
      return { key: found.key, reference: found.reference, reason }
    }
    const key = `front ${messageId}`
    const reason = `A teammate began it; nothing was said with ${handle} before.`
    return { key, reference: deriveReference(channel.id, key), reason }
  }
  const latest = found && { key: found.key, startedAt: found.createdAt, lastMessageAt: found.lastMessageAt }
  const { id: channelId, kind } = channel
  return decideThread({ rule, kind, message: { sender: { handle } }, channelId, messageId, latest, now })
}
