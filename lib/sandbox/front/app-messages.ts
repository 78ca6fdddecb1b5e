import { touchSandboxConversation } from '#db/queries/sandbox-conversations'
import { findSandboxMessageByExternalId, insertSandboxMessage } from '#db/queries/sandbox-messages'
import { lockSandboxExternalId } from '#db/queries/sandbox-threads'
import { htmlToText } from '#lib/plain-text'
import { tellImported } from '#lib/sandbox/apps/imported'
import { threadForExternalId } from '#lib/sandbox/apps/thread'
import {
  type InboundMessage,
  inboundMessage,
  type OutboundMessage,
  outboundMessage,
  readSynced,
  writtenAt,
} from '#lib/sandbox/front/app-fields'
import type { FrontCall } from '#lib/sandbox/front/call'
import { channelOf } from '#lib/sandbox/front/channels'
import { unknownId } from '#lib/sandbox/front/errors'
import { checkFields, type ReceivedFile } from '#lib/sandbox/front/fields'
import { checkedHandle, filesToStore, toAttachments } from '#lib/sandbox/front/intake'
import type { SandboxChannel, SandboxMessage } from '#lib/sandbox/front/resources'
import { findTeammate, frontId, messageUid } from '#lib/sandbox/identity'
import { textToHtml } from '#lib/sandbox/text'

type Person = { handle: string; name: string | null }
type Synced = {
  channel: SandboxChannel
  input: InboundMessage | OutboundMessage
  files: ReceivedFile[]
  isInbound: boolean
  /** Whose conversation it is. */
  customer: Person
  sender: Person
  recipients: [Person, ...Person[]]
  author: string | null
}

/** A2: a customer's message. Checked now, created and told by `message_imported` a little later. */
export async function receiveInboundMessage(call: FrontCall): Promise<Response> {
  const channel = await channelOf(call)
  const { fields, files } = await readSynced(call)
  const input = checkFields(inboundMessage, fields, call.warn)
  const customer = personOf(call, { party: input.sender, channel, field: 'sender' })
  const recipients: [Person] = [{ handle: channel.address, name: channel.name }]
  return accept(call, { channel, input, files, isInbound: true, customer, sender: customer, recipients, author: null })
}

/** A3: a message that somebody sent outside Front. */
export async function receiveOutboundMessage(call: FrontCall): Promise<Response> {
  const channel = await channelOf(call)
  const { fields, files } = await readSynced(call)
  const input = checkFields(outboundMessage, fields, call.warn)
  const author = input.author_id === undefined ? null : findTeammate(input.author_id)
  if (author === undefined) throw unknownId('teammate', input.author_id ?? '')
  const [first, ...others] = input.to.map((party, index) => personOf(call, { party, channel, field: `to[${index}]` }))
  if (!first) throw new Error('The schema lets no message without a recipient in')
  const sender = { handle: channel.address, name: input.sender_name ?? channel.name }
  const who = { customer: first, sender, recipients: [first, ...others] as Synced['recipients'] }
  return accept(call, { channel, input, files, isInbound: false, ...who, author: author?.id ?? null })
}

type Party = { party: { handle: string; name?: string | undefined }; channel: SandboxChannel; field: string }

function personOf({ warn }: FrontCall, { party, channel, field }: Party): Person {
  const { contactType } = channel
  const handle = checkedHandle({ handle: party.handle, contactType, field: `${field}.handle`, warn })
  return { handle, name: party.name ?? null }
}

async function accept(call: FrontCall, synced: Synced): Promise<Response> {
  if (synced.input.body === '') {
    call.warn('body is empty: it is not known whether Front takes that, send a placeholder')
  }
  const { message, isNew } = await store(call, synced)
  if (isNew) call.deps.later(call.settings.visibleDelayMs, (deps) => tellImported(deps, message.id))
  else {
    const { external_id: id } = synced.input.metadata
    call.warn(`external_id ${id} was taken before. What Front does is not known: the sandbox keeps the first message`)
  }
  return Response.json({ status: 'accepted', message_uid: message.uid }, { status: 202 })
}

async function store(call: FrontCall, synced: Synced): Promise<{ message: SandboxMessage; isNew: boolean }> {
  const { channel, input, customer } = synced
  const { db, now, random } = call.deps
  const { external_id: externalId, external_conversation_id: threadId } = input.metadata
  const visibleAt = new Date(now.getTime() + call.settings.visibleDelayMs)
  return db.transaction(async (tx) => {
    await lockSandboxExternalId(tx, { channelId: channel.id, externalId, what: 'message' })
    const known = await findSandboxMessageByExternalId(tx, { channelId: channel.id, externalId })
    if (known) return { message: known, isNew: false }
    const opening = { customer, subject: input.subject ?? null, at: visibleAt, random }
    const conversation = await threadForExternalId(tx, { channelId: channel.id, externalId: threadId, opening })
    await touchSandboxConversation(tx, conversation.id, visibleAt)
    const id = frontId('msg', random)
    const files = filesToStore(synced.files, id, random)
    const content = { ...contentOf(synced), attachments: toAttachments(files), repliedTo: await repliedTo(tx, synced) }
    const place = { conversationId: conversation.id, channelId: channel.id, isInbound: synced.isInbound }
    const sent = synced.isInbound ? {} : { kind: 'synced' as const, sendState: 'sent' as const }
    const times = { visibleAt, createdAt: writtenAt(input.delivered_at, call) }
    const row = { id, uid: messageUid(random), externalId, ...place, ...sent, ...times, content }
    return { message: await insertSandboxMessage(tx, row, files), isNew: true }
  })
}

function contentOf({ input, sender, recipients, author }: Synced) {
  const [recipient, ...others] = recipients
  // Front reads HTML or plain text, and does not say how it tells them apart.
  const html = /<[a-z!/][^>]*>/i.test(input.body) ? input.body : textToHtml(input.body)
  const said = { subject: input.subject ?? null, body: html, text: htmlToText(html) }
  return { ...said, author, sender, recipient, ...(others.length > 0 ? { others } : {}), metadata: {} }
}

async function repliedTo(tx: Parameters<typeof findSandboxMessageByExternalId>[0], { channel, input }: Synced) {
  const externalId = input.metadata.referenced_message_external_id
  if (externalId === undefined) return null
  return (await findSandboxMessageByExternalId(tx, { channelId: channel.id, externalId }))?.id ?? null
}
