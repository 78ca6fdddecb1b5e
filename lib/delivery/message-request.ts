import type { Database } from '#db/client'
import type { Cargo, Route } from '#db/queries/deliveries'
import { listFilesOfMessage } from '#db/queries/files'
import { syncInboundMessageRequest, syncOutboundMessageRequest } from '#lib/front/channel-messages'
import { receiveCustomMessageRequest } from '#lib/front/custom-message'
import type { FrontAccess, FrontRequest } from '#lib/front/transport'
import { readSender } from '#lib/provider/sender'

type Sending = { cargo: Cargo; route: Route; access: FrontAccess }

/** The call that carries a message into its channel: A1 for a custom one, A2 or A3 for one of an app. Built anew for every attempt. */
export async function messageRequest(db: Database, { cargo, route, access }: Sending): Promise<FrontRequest> {
  const { message } = cargo
  const { frontChannelId, kind } = route.channel
  const files = message.attachments.length > 0 ? await listFilesOfMessage(db, message.id) : []
  const { id, subject, body, bodyFormat, reference } = message
  const shared = { id, subject, body, bodyFormat, files }
  const sender = readSender(message.raw)
  const who = { handle: message.contactHandle, name: message.contactName }
  if (kind === 'custom') {
    const custom = { ...shared, reference, headers: message.headers, sender: { ...who, contactId: sender.contactId } }
    return receiveCustomMessageRequest(access, { frontChannelId, message: custom })
  }
  if (reference === null) throw new Error('A message of an application channel has no reference.')
  const synced = { ...shared, reference, repliesToId: message.referencedMessageId, sentAt: message.sentAt }
  if (message.kind === 'sent_elsewhere') {
    const { author, recipients } = message
    const to = recipients?.flatMap(({ handle, name, email }) => (handle ? [{ handle, name, email }] : [])) ?? [who]
    const outbound = { ...synced, to, senderName: author?.name, authorId: author?.id }
    return syncOutboundMessageRequest(access, { frontChannelId, message: outbound })
  }
  const inbound = { ...synced, sender: { ...who, email: sender.email } }
  return syncInboundMessageRequest(access, { frontChannelId, message: inbound })
}
