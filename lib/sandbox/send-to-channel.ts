import { createHmac } from 'node:crypto'
import { findSandboxChannel } from '#db/queries/sandbox-channels'
import { findSandboxMessage, setSandboxSendState } from '#db/queries/sandbox-messages'
import { AppError } from '#lib/errors'
import { sendToApp } from '#lib/sandbox/apps/send-message'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { takeFaults } from '#lib/sandbox/faults'
import { messageResource, type SandboxMessage } from '#lib/sandbox/front/resources'
import { sandboxBaseUrl, sandboxSecret } from '#lib/sandbox/identity'
import { type PostResult, post } from '#lib/sandbox/post'

/** Front's rule webhooks, of the same family, wait five seconds and never try again. */
const TIMEOUT_MS = 5000
const FAILED = 'failed'

/**
 * Posts a teammate's message to the channel's outgoing URL (F1), signed with the company's API secret, once; of an
 * application channel it goes to the app (F4). What came of it stays with the message; "send again" is the same call with
 * the same message id.
 */
export async function sendToChannel(deps: SandboxDeps, message: SandboxMessage): Promise<void> {
  const channel = await findSandboxChannel(deps.db, message.channelId)
  if (!channel) throw new AppError('conflict', 'The channel of this conversation was deleted.')
  if (channel.appUid !== null) return sendToApp(deps, { channel, message })
  if (!channel.webhookUrl) {
    await setSandboxSendState(deps.db, message.id, { sendState: 'sent', sendError: null })
    return
  }
  await setSandboxSendState(deps.db, message.id, { sendState: 'sending', sendError: null })
  const body = JSON.stringify(messageResource({ ...message, sendState: 'sending' }, sandboxBaseUrl(deps.publicUrl)))
  const { fault } = await takeFaults(deps, { side: 'front', kinds: ['wrong_signature'], isIntake: true })
  const secret = fault ? 'a secret that is not the right one' : sandboxSecret(deps.keys)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Sandbox (stands in for Front)',
    'x-front-signature': createHmac('sha1', secret).update(body).digest('base64'),
  }
  const result = await post(deps.send, { url: channel.webhookUrl, headers, body, timeoutMs: TIMEOUT_MS })
  await setSandboxSendState(deps.db, message.id, stateAfter(result))
}

/** Undefined when there is no such message, or it was taken already. */
export async function sendAgain(deps: SandboxDeps, messageId: string): Promise<SandboxMessage | undefined> {
  const message = await findSandboxMessage(deps.db, { id: messageId }, deps.now)
  const isOpen = message?.sendState === 'sending' || message?.sendState === 'failed'
  if (!message || !isOpen) return undefined
  await sendToChannel(deps, message)
  return message
}

function stateAfter(result: PostResult): { sendState: 'sent' | 'failed'; sendError: string | null } {
  if (result.kind === 'failed') return { sendState: FAILED, sendError: result.message }
  if (result.status >= 200 && result.status < 300) return { sendState: 'sent', sendError: null }
  return {
    sendState: FAILED,
    sendError: `The outgoing URL answered ${result.status}. ${firstWords(result.body)}`.trim(),
  }
}

function firstWords(body: string): string {
  return body.length > 300 ? `${body.slice(0, 300)}…` : body
}
