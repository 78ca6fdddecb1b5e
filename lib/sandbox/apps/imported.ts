import { findSandboxChannel } from '#db/queries/sandbox-channels'
import { findSandboxMessage } from '#db/queries/sandbox-messages'
import { getSandboxSettings } from '#db/queries/sandbox-settings'
import { listSandboxConversationIds } from '#db/queries/sandbox-threads'
import { sendAutoReplies } from '#lib/sandbox/apps/auto-reply'
import { callChannelApp } from '#lib/sandbox/apps/call-channel'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { messageResource } from '#lib/sandbox/front/resources'
import { sandboxBaseUrl } from '#lib/sandbox/identity'

/**
 * Tells the app that a message of its own exists now (F6), and lets the rules answer one of a customer. Nothing is
 * repeated: what gets lost here is lost, as in Front.
 */
export async function tellImported(deps: SandboxDeps, messageId: string): Promise<void> {
  const message = await findSandboxMessage(deps.db, { id: messageId }, deps.now)
  const channel = message && (await findSandboxChannel(deps.db, message.channelId))
  if (!message || !channel?.appUid) return
  const ids = await listSandboxConversationIds(deps.db, message.conversationId)
  const payload = messageResource(message, sandboxBaseUrl(deps.publicUrl), { toApp: true })
  const metadata = { external_conversation_id: ids[0], external_conversation_ids: ids }
  await callChannelApp(deps, { channel, event: { type: 'message_imported', payload, metadata } })
  if (!message.isInbound) return
  const replies = await sendAutoReplies(deps, { channel, message })
  const { visibleDelayMs } = await getSandboxSettings(deps.db)
  for (const id of replies) deps.later(visibleDelayMs, (after) => tellImported(after, id))
}
