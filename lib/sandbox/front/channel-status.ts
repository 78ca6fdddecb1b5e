import { z } from 'zod'
import { updateSandboxChannel } from '#db/queries/sandbox-channels'
import { setSandboxConversationStatus } from '#db/queries/sandbox-conversations'
import { findSandboxMessageByExternalId, setSandboxSendState } from '#db/queries/sandbox-messages'
import { findConversationOfExternalId } from '#db/queries/sandbox-threads'
import { CHANNEL_STATUSES } from '#lib/front/channel-reports'
import type { FrontCall } from '#lib/sandbox/front/call'
import { channelOf } from '#lib/sandbox/front/channels'
import { FrontError, unknownId } from '#lib/sandbox/front/errors'
import { checkFields, readFields } from '#lib/sandbox/front/fields'

const channelStatus = z.object({ status: z.enum(CHANNEL_STATUSES) })
const messageStatus = z.object({ status: z.literal('failed'), reason: z.string().optional() })

/** A4: the app says that its channel does not work, or that it works again. */
export async function setChannelStatus(call: FrontCall): Promise<Response> {
  const channel = await channelOf(call)
  const { fields } = await readFields(call.request)
  const { status } = checkFields(channelStatus, fields, call.warn)
  const statusReason = status === 'offline' ? 'The app said that the channel is offline.' : null
  await updateSandboxChannel(call.deps.db, channel.id, { status, statusReason })
  return new Response(null, { status: 204 })
}

/** A5: a message that Front took for sent has failed. Its conversation opens again and shows the reason. */
export async function setMessageStatus(call: FrontCall): Promise<Response> {
  const channel = await channelOf(call)
  const [, conversationName = '', messageName = ''] = call.params
  const { fields } = await readFields(call.request)
  const { reason = '' } = checkFields(messageStatus, fields, call.warn)
  const { db } = call.deps
  const conversation = await findConversationOfExternalId(db, { channelId: channel.id, externalId: conversationName })
  if (!conversation) throw unknownId('conversation', conversationName)
  const message = await findSandboxMessageByExternalId(db, { channelId: channel.id, externalId: messageName })
  if (message?.conversationId !== conversation.id) throw unknownId('message', messageName)
  if (message.isInbound) throw new FrontError(400, 'Bad request', 'Only outbound messages can fail')
  if (reason === '') call.warn('reason is missing: the teammate is not told why')
  await db.transaction(async (tx) => {
    await setSandboxSendState(tx, message.id, { sendState: 'bounced', sendError: reason || null })
    await setSandboxConversationStatus(tx, conversation.id, 'unassigned')
  })
  return new Response(null, { status: 204 })
}
