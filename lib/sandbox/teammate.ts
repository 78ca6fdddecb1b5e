import { findSandboxChannel } from '#db/queries/sandbox-channels'
import {
  findSandboxConversation,
  insertSandboxConversation,
  touchSandboxConversation,
} from '#db/queries/sandbox-conversations'
import { insertSandboxMessage, listSandboxMessages } from '#db/queries/sandbox-messages'
import { AppError } from '#lib/errors'
import type { SandboxDeps } from '#lib/sandbox/deps'
import type { ReceivedFile } from '#lib/sandbox/front/fields'
import { filesToStore, toAttachments } from '#lib/sandbox/front/intake'
import type { SandboxChannel, SandboxConversation, SandboxMessage } from '#lib/sandbox/front/resources'
import { findTeammate, frontId, messageUid } from '#lib/sandbox/identity'
import { sendToChannel } from '#lib/sandbox/send-to-channel'
import { textToHtml } from '#lib/sandbox/text'

type Written = { teammateId: string; text: string; files: ReceivedFile[] }

/**
 * A teammate answers in a conversation; the message goes to the channel's outgoing URL at once.
 * @throws AppError when the conversation is gone or its channel takes no replies
 */
export async function replyAsTeammate(deps: SandboxDeps, reply: Written & { conversationId: string }): Promise<void> {
  const conversation = await findSandboxConversation(deps.db, reply.conversationId, deps.now)
  const channel = conversation && (await findSandboxChannel(deps.db, conversation.channelId))
  if (!conversation || !channel) throw new AppError('not_found', 'The sandbox has no such conversation.')
  if (channel.replyMode === 'cannot_reply') {
    throw new AppError('conflict', 'Replies are switched off for this channel in the sandbox.')
  }
  await sendToChannel(deps, await storeReply(deps, { conversation, channel, written: reply }))
}

/** Marks a conversation that a teammate began: the customer's answer never joins it (T11). */
const COMPOSED = 'composed by a teammate: '

export function isComposed(threadRef: string | null): boolean {
  return threadRef?.startsWith(COMPOSED) ?? false
}

/** A teammate writes first. Returns the new conversation's id. */
export async function composeAsTeammate(
  deps: SandboxDeps,
  letter: Written & { channelId: string; handle: string },
): Promise<string> {
  const channel = await findSandboxChannel(deps.db, letter.channelId)
  if (!channel) throw new AppError('not_found', 'The sandbox has no such channel.')
  const id = frontId('cnv', deps.random)
  const conversation = await insertSandboxConversation(deps.db, {
    id,
    channelId: channel.id,
    threadRef: channel.appUid === null ? COMPOSED + id : null,
    handle: letter.handle,
    createdAt: deps.now,
    lastMessageAt: deps.now,
  })
  await sendToChannel(deps, await storeReply(deps, { conversation, channel, written: letter }))
  return id
}

type Reply = { conversation: SandboxConversation; channel: SandboxChannel; written: Written }

async function storeReply(deps: SandboxDeps, { conversation, channel, written }: Reply): Promise<SandboxMessage> {
  const { db, now, random } = deps
  const id = frontId('msg', random)
  const files = filesToStore(written.files, id, random)
  const earlier = await listSandboxMessages(db, { conversationId: conversation.id, now, limit: 50 })
  const content = {
    subject: null,
    body: textToHtml(written.text),
    text: written.text.trim(),
    author: findTeammate(written.teammateId)?.id ?? null,
    sender: { handle: channel.address, name: channel.name },
    recipient: { handle: conversation.handle, name: conversation.name },
    attachments: toAttachments(files),
    // Front's own sample of an outgoing post carries empty metadata, so nothing may rest on a reference here.
    metadata: {},
    repliedTo: earlier.find((message) => message.isInbound)?.id ?? null,
  }
  const place = {
    id,
    uid: messageUid(random),
    conversationId: conversation.id,
    channelId: channel.id,
    isInbound: false,
  }
  return db.transaction(async (tx) => {
    await touchSandboxConversation(tx, conversation.id, now)
    const row = { ...place, visibleAt: now, content, sendState: 'sending' as const, createdAt: now }
    return insertSandboxMessage(tx, row, files)
  })
}
