import { insertSandboxMessage, setSandboxSendState } from '#db/queries/sandbox-messages'
import { callChannelApp } from '#lib/sandbox/apps/call-channel'
import { keepSent, readSentIds } from '#lib/sandbox/apps/sent-ids'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { recipient, type SandboxChannel, type SandboxMessage } from '#lib/sandbox/front/resources'
import { frontId, messageUid, sandboxBaseUrl } from '#lib/sandbox/identity'
import { textToHtml } from '#lib/sandbox/text'

const TEXTS = [
  'Thank you for your message. We answer as soon as we can.',
  'Our office is closed until tomorrow at nine.',
]

type Answered = { channel: SandboxChannel; message: SandboxMessage }

/** How many rules a channel can have. */
export const MOST_AUTO_REPLIES = TEXTS.length

/**
 * As many rules as the channel has switched on answer a customer's message (F5), one after the other.
 * @returns the ids of the replies that the app took
 */
export async function sendAutoReplies(deps: SandboxDeps, { channel, message }: Answered): Promise<string[]> {
  const taken: string[] = []
  for (const text of TEXTS.slice(0, channel.autoReplies)) {
    const reply = await storeReply(deps, { channel, message, text })
    if (await sendAutoReply(deps, { channel, reply })) taken.push(reply.id)
  }
  return taken
}

type Sending = { channel: SandboxChannel; reply: SandboxMessage }

/** The app hears of an auto-reply before it exists in Front, so the event has no id; its import tells the id later. */
async function sendAutoReply(deps: SandboxDeps, { channel, reply }: Sending): Promise<boolean> {
  const payload = autoReplyPayload(reply, sandboxBaseUrl(deps.publicUrl))
  const ids = readSentIds(await callChannelApp(deps, { channel, event: { type: 'message_autoreply', payload } }))
  if (ids.ok) await keepSent(deps, { message: reply, ...ids })
  else await setSandboxSendState(deps.db, reply.id, { sendState: 'failed', sendError: ids.reason })
  return ids.ok
}

async function storeReply(deps: SandboxDeps, { channel, message, text }: Answered & { text: string }) {
  const { db, now, random } = deps
  const content = {
    subject: null,
    body: textToHtml(text),
    text,
    author: null,
    sender: { handle: channel.address, name: channel.name },
    recipient: message.content.sender,
    attachments: [],
    metadata: {},
    repliedTo: message.id,
  }
  const place = { conversationId: message.conversationId, channelId: channel.id, isInbound: false }
  const state = { kind: 'autoreply' as const, sendState: 'sending' as const }
  const times = { visibleAt: now, createdAt: now }
  const row = { id: frontId('msg', random), uid: messageUid(random), ...place, ...state, ...times, content }
  return insertSandboxMessage(db, row, [])
}

function autoReplyPayload({ content, conversationId, createdAt }: SandboxMessage, base: string) {
  return {
    _links: {
      related: {
        conversation: `${base}/conversations/${conversationId}`,
        message_replied_to: `${base}/messages/${content.repliedTo}`,
      },
    },
    type: 'auto_reply',
    is_inbound: false,
    created_at: createdAt.getTime() / 1000,
    body: content.body,
    text: content.text,
    recipients: [recipient(content.sender, 'from'), recipient(content.recipient, 'to')],
    attachments: [],
  }
}
