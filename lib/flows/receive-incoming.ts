import type { Database } from '#db/client'
import {
  type ProviderMessage,
  type Received,
  requireHandle,
  storeProviderMessage,
} from '#lib/flows/store-provider-message'
import type { IncomingMessage } from '#lib/provider/schemas'

export type Incoming = ProviderMessage & { message: IncomingMessage }

/**
 * Takes a customer's message in: stored with its conversation, files and delivery, all or nothing. The same identity
 * again stores nothing and gives the first answer.
 * @throws AppError `invalid_input` for a handle or field that the channel cannot use; RepeatRefusal for the same id with
 * another content
 */
export async function receiveIncoming(db: Database, incoming: Incoming): Promise<Received> {
  const { channel, message } = incoming
  const handle = requireHandle(channel, message.sender.handle, 'sender.handle')
  return storeProviderMessage(db, { ...incoming, contact: { ...message.sender, handle } })
}
