import type { Db } from '#db/client'
import type { Channel } from '#db/queries/channels'
import { findLatestConversation, hasConversation } from '#db/queries/intake'
import { decideThread, deriveReference, type ThreadDecision } from '#lib/threading/decide'
import { threadingRule } from '#lib/threading/rules'

type Placing = {
  channel: Pick<Channel, 'id' | 'kind' | 'threading'>
  handle: string
  messageId: string
  /** References by which Front names its conversation and that we do not know, with the field that held them. */
  named?: { references: string[]; field: string }
  now: Date
}

/**
 * Where a message goes that a teammate began, not answering anything we know.
 * Call it under the contact's lock.
 */
export async function placeOutgoing(db: Db, placing: Placing): Promise<ThreadDecision> {
  const decision = await placeByRule(db, placing)
  const [reference] = placing.named?.references ?? []
  if (reference === undefined) return decision
  const named = `Front named it “${reference}” in ${placing.named?.field}, which Patchbay did not know.`
  const isTaken = await hasConversation(db, { channelId: placing.channel.id, key: decision.key })
  // Front's conversation is another one than ours of that key, so they stay two. Else ours takes the name that Front has.
  if (isTaken) return { key: reference, reference, reason: `${named} It is kept as a conversation of its own.` }
  return { ...decision, reference, reason: `${named} ${decision.reason}` }
}

/**
 * Rules that look at the recipient alone decide as they will when the customer writes back. The others need fields that
 * only the provider sends: there it joins what was last said with this person, or begins a conversation under its own
 * name.
 */
async function placeByRule(db: Db, { channel, handle, messageId, now }: Placing): Promise<ThreadDecision> {
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
