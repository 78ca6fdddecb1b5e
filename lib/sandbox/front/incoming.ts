import { z } from 'zod'
import {
  findSandboxThread,
  insertSandboxConversation,
  lockSandboxThread,
  touchSandboxConversation,
} from '#db/queries/sandbox-conversations'
import { insertSandboxMessage } from '#db/queries/sandbox-messages'
import { htmlToText } from '#lib/plain-text'
import type { FrontCall } from '#lib/sandbox/front/call'
import { channelOf } from '#lib/sandbox/front/channels'
import { FrontError } from '#lib/sandbox/front/errors'
import { checkFields, type ReceivedFile, readFields } from '#lib/sandbox/front/fields'
import { checkedHandle, filesToStore, toAttachments, withoutJsonAttachments } from '#lib/sandbox/front/intake'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { frontId, messageUid } from '#lib/sandbox/identity'
import { markdownToHtml } from '#lib/sandbox/text'

const customMessage = z.object({
  sender: z.object({
    handle: z.string().min(1, 'must not be empty'),
    name: z.string().optional(),
    contact_id: z
      .string()
      .regex(/^(crd|ctc)_/, 'must be a contact ID')
      .optional(),
  }),
  subject: z.string().optional(),
  body: z.string(),
  body_format: z.enum(['markdown', 'html']).optional(),
  metadata: z
    .object({ thread_ref: z.string().optional(), headers: z.record(z.string(), z.unknown()).optional() })
    .optional(),
})

type CustomMessage = z.infer<typeof customMessage>

/** A1: checks now, creates a little later. The 202 promises that the uid will name a message, not that it does already. */
export async function receiveCustomMessage(call: FrontCall): Promise<Response> {
  const channel = await channelOf(call)
  if (channel.appUid !== null) throw wrongKind()
  const { fields, files } = await readFields(call.request)
  const input = checkFields(customMessage, withoutJsonAttachments(fields, files, call.warn), call.warn)
  const handle = checkedHandle({
    handle: input.sender.handle,
    contactType: channel.contactType,
    field: 'sender.handle',
    warn: call.warn,
  })
  if (input.body === '') call.warn('body is empty: it is not known whether Front takes that, send a placeholder')
  if (input.body_format === undefined) call.warn('body_format is missing: Front reads the body as Markdown')
  const uid = messageUid(call.deps.random)
  await storeMessage(call, { channel, input, handle, files, uid })
  return Response.json({ status: 'accepted', message_uid: uid }, { status: 202 })
}

/** Whether the real Front refuses here is not known; its specification says "custom channels ONLY". */
function wrongKind(): FrontError {
  const message = 'This is an application channel: its messages come by inbound_messages'
  return new FrontError(400, 'Bad request', message)
}

type Accepted = { channel: SandboxChannel; input: CustomMessage; handle: string; files: ReceivedFile[]; uid: string }

async function storeMessage(call: FrontCall, { channel, input, handle, files, uid }: Accepted): Promise<void> {
  const { db, now, random } = call.deps
  const visibleAt = new Date(now.getTime() + call.settings.visibleDelayMs)
  const threadRef = input.metadata?.thread_ref ?? null
  const thread = { channelId: channel.id, threadRef, handle }
  const html = input.body_format === 'html' ? input.body : markdownToHtml(input.body)
  const id = frontId('msg', random)
  const stored = filesToStore(files, id, random)
  const name = input.sender.name ?? null
  await db.transaction(async (tx) => {
    await lockSandboxThread(tx, thread)
    const found = await findSandboxThread(tx, thread)
    const opened = { ...thread, name, subject: input.subject ?? null, createdAt: visibleAt, lastMessageAt: visibleAt }
    const conversation = found ?? (await insertSandboxConversation(tx, { id: frontId('cnv', random), ...opened }))
    if (found) await touchSandboxConversation(tx, found.id, visibleAt)
    const content = {
      subject: input.subject ?? null,
      body: html,
      text: htmlToText(html),
      author: null,
      sender: { handle, name },
      recipient: { handle: channel.address, name: null },
      attachments: toAttachments(stored),
      metadata: input.metadata ?? {},
      repliedTo: null,
    }
    const place = { id, uid, conversationId: conversation.id, channelId: channel.id, isInbound: true }
    await insertSandboxMessage(tx, { ...place, visibleAt, content, createdAt: now }, stored)
  })
}
