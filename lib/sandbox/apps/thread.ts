import type { Transaction } from '#db/client'
import { insertSandboxConversation } from '#db/queries/sandbox-conversations'
import {
  findConversationOfExternalId,
  insertSandboxConversationId,
  lockSandboxExternalId,
  mergeSandboxConversations,
} from '#db/queries/sandbox-threads'
import type { SandboxConversation } from '#lib/sandbox/front/resources'
import { frontId } from '#lib/sandbox/identity'

type Opening = {
  customer: { handle: string; name: string | null }
  subject: string | null
  /** From when on it is visible. */
  at: Date
  random: () => number
}

type Named = { channelId: string; externalId: string }

/** Front's threading of application channels: one conversation for each `external_conversation_id`, made when it is new. */
export async function threadForExternalId(
  tx: Transaction,
  { channelId, externalId, opening }: Named & { opening: Opening },
): Promise<SandboxConversation> {
  await lockSandboxExternalId(tx, { channelId, externalId, what: 'conversation' })
  const known = await findConversationOfExternalId(tx, { channelId, externalId })
  if (known) return known
  const { customer, subject, at, random } = opening
  const conversation = await insertSandboxConversation(tx, {
    id: frontId('cnv', random),
    channelId,
    ...customer,
    subject,
    createdAt: at,
    lastMessageAt: at,
  })
  await insertSandboxConversationId(tx, { channelId, externalId, conversationId: conversation.id, createdAt: at })
  return conversation
}

/**
 * An app told its id for a conversation. A new one is added to those that the conversation has; one of another
 * conversation makes one of the two. Returns the id of the conversation that it is then.
 */
export async function nameConversation(
  tx: Transaction,
  { channelId, externalId, conversationId, now }: Named & { conversationId: string; now: Date },
): Promise<string> {
  await lockSandboxExternalId(tx, { channelId, externalId, what: 'conversation' })
  const known = await findConversationOfExternalId(tx, { channelId, externalId })
  if (!known) await insertSandboxConversationId(tx, { channelId, externalId, conversationId, createdAt: now })
  if (!known || known.id === conversationId) return conversationId
  await mergeSandboxConversations(tx, { fromId: conversationId, intoId: known.id })
  return known.id
}
