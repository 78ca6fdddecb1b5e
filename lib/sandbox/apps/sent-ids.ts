import { z } from 'zod'
import { findSandboxMessage, findSandboxMessageByExternalId, setSandboxSendState } from '#db/queries/sandbox-messages'
import { lockSandboxExternalId } from '#db/queries/sandbox-threads'
import { LONGEST_EXTERNAL_ID } from '#lib/front/channel-messages'
import type { AppAnswer } from '#lib/sandbox/apps/answers'
import { nameConversation } from '#lib/sandbox/apps/thread'
import type { SandboxDeps } from '#lib/sandbox/deps'
import type { SandboxMessage } from '#lib/sandbox/front/resources'

const id = z.string().min(1).max(LONGEST_EXTERNAL_ID)
const success = z.object({ type: z.literal('success'), external_id: id, external_conversation_id: id })

type SentIds = { ok: true; externalId: string; threadId: string } | { ok: false; reason: string }

/** What an app has to answer to a message: its own ids of the message and of the conversation. */
export function readSentIds(answer: AppAnswer): SentIds {
  if (!answer.ok) return { ok: false, reason: answer.reason }
  const parsed = success.safeParse(answer.body)
  if (parsed.success) {
    return { ok: true, externalId: parsed.data.external_id, threadId: parsed.data.external_conversation_id }
  }
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') ?? 'type'
  return { ok: false, reason: `The channel’s server is not responsive: its answer has no right ${field}.` }
}

type Sent = { message: SandboxMessage; externalId: string; threadId: string }

/**
 * The app took the message: its ids stay with it, and the conversation may become one with another (see
 * `nameConversation`). An id that another message has already makes a failure of it, because reports would hit the other.
 */
export async function keepSent({ db, now }: SandboxDeps, { message, externalId, threadId }: Sent): Promise<void> {
  const { channelId } = message
  await db.transaction(async (tx) => {
    await lockSandboxExternalId(tx, { channelId, externalId, what: 'message' })
    const other = await findSandboxMessageByExternalId(tx, { channelId, externalId })
    if (other && other.id !== message.id) {
      const sendError = `The channel’s server answered with the external_id of another message: ${externalId}.`
      await setSandboxSendState(tx, message.id, { sendState: 'failed', sendError })
      return
    }
    await setSandboxSendState(tx, message.id, { sendState: 'sent', sendError: null, externalId })
    // Merging while the app had the message moved it.
    const { conversationId } = (await findSandboxMessage(tx, { id: message.id }, now)) ?? message
    await nameConversation(tx, { channelId, externalId: threadId, conversationId, now })
  })
}
