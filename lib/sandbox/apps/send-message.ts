import { setSandboxSendState } from '#db/queries/sandbox-messages'
import { listSandboxConversationIds } from '#db/queries/sandbox-threads'
import { callChannelApp } from '#lib/sandbox/apps/call-channel'
import { requireApp } from '#lib/sandbox/apps/connect'
import { keepSent, readSentIds } from '#lib/sandbox/apps/sent-ids'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { messageResource, type SandboxChannel, type SandboxMessage } from '#lib/sandbox/front/resources'
import { sandboxBaseUrl } from '#lib/sandbox/identity'

/** Brings a teammate's message to the app (F4), once. What it answered stays with the message. */
export async function sendToApp(
  deps: SandboxDeps,
  { channel, message }: { channel: SandboxChannel; message: SandboxMessage },
): Promise<void> {
  await setSandboxSendState(deps.db, message.id, { sendState: 'sending', sendError: null })
  const payload = messageResource({ ...message, sendState: 'sending' }, sandboxBaseUrl(deps.publicUrl))
  const metadata = await metadataFor(deps, { channel, message })
  const answer = await callChannelApp(deps, { channel, event: { type: 'message', payload, ...metadata } })
  const ids = readSentIds(answer)
  if (ids.ok) await keepSent(deps, { message, ...ids })
  else await setSandboxSendState(deps.db, message.id, { sendState: 'failed', sendError: ids.reason })
}

type Sending = { channel: SandboxChannel; message: SandboxMessage }

async function metadataFor(deps: SandboxDeps, { channel, message }: Sending): Promise<{ metadata?: object }> {
  if (channel.appUid === null || !(await requireApp(deps, channel.appUid)).tellsConversationIds) return {}
  const ids = await listSandboxConversationIds(deps.db, message.conversationId)
  return ids.length > 0 ? { metadata: { external_conversation_id: ids[0], external_conversation_ids: ids } } : {}
}
