import { type Database, type Db, isDatabase } from '#db/client'
import { newId } from '#db/ids'
import { deleteFilesOfMessage, insertFiles, type NewFile } from '#db/queries/files'
import { type Door, findReferenced } from '#db/queries/intake'
import { type NewMessage, type StoredMessage, type StoreMessage, storeMessage } from '#db/queries/store-message'
import { AppError } from '#lib/errors'
import { placeIncoming } from '#lib/flows/place-incoming'
import { RepeatRefusal } from '#lib/flows/repeat-refusal'
import { storeTogether } from '#lib/flows/store-together'
import { plainText } from '#lib/plain-text'
import { checkHandle } from '#lib/provider/handles'
import type { IncomingMessage, SentMessage } from '#lib/provider/schemas'
import { type ThreadingRule, threadingRule } from '#lib/threading/rules'

export type IncomingFile = { filename: string; contentType: string; bytes: Buffer }

export type ProviderMessage = {
  channel: Pick<Door, 'id' | 'kind' | 'contactType' | 'defaultCountry' | 'threading'>
  message: IncomingMessage | SentMessage
  /** As it arrived, parsed and fit for storage. */
  raw: unknown
  files: IncomingFile[]
  /** The provider's id of the message with a hash of its content; null when the provider gives none. */
  identity: { id: string; hash: string } | null
  isTest?: boolean
  now: Date
}

export type Received = Omit<StoredMessage, 'outcome'> & { duplicate: boolean }

/** The customer, by a handle that the channel has checked. */
type Contact = { handle: string; name: string | null; contact_id?: string | null }

type Storing = ProviderMessage & { contact: Contact; more?: Pick<NewMessage, 'kind' | 'author' | 'recipients'> }

/**
 * Stores what a provider brought with its conversation, files and delivery, all or nothing. The same identity again
 * stores nothing and gives the first answer. `db` may be a transaction of the caller's.
 * @throws AppError `invalid_input` for a field that the channel's rule cannot do without; RepeatRefusal for the same id
 * with another content
 */
export async function storeProviderMessage(db: Database | Db, storing: Storing): Promise<Received> {
  const rule = threadingRule.parse(storing.channel.threading)
  const store = (tx: Db) => storeIn(tx, { ...storing, rule })
  // Without a decision that looks back and without files it is a single statement, which needs no transaction around it.
  const stored = rule.type === 'session' || storing.files.length > 0 ? await db.transaction(store) : await store(db)
  if (stored.outcome === 'conflict') {
    const message = `The id “${storing.identity?.id}” was used before, with another content. A new message needs a new id.`
    throw new RepeatRefusal(message, stored.id)
  }
  const { outcome, ...rest } = stored
  return { ...rest, duplicate: outcome === 'duplicate' }
}

/** @throws AppError `invalid_input` */
export function requireHandle(
  channel: Pick<Door, 'contactType' | 'defaultCountry'>,
  handle: string,
  path: string,
): string {
  const checked = checkHandle({ ...channel, handle, path })
  if (checked.ok) return checked.handle
  throw new AppError('invalid_input', `${path} ${checked.error.message}.`, { details: [checked.error] })
}

async function storeIn(db: Db, storing: Storing & { rule: ThreadingRule }): Promise<StoredMessage> {
  const { channel, message, identity, contact, rule, now, isTest = false } = storing
  const id = newId()
  const threaded = { ...message, sender: contact }
  const place = await placeIncoming(db, { rule, channel, message: threaded, messageId: id, now })
  const referenced = await findAnswered(db, storing)
  const files = storing.files.map((file): NewFile => ({ id: newId(), messageId: id, size: file.bytes.length, ...file }))
  // Files first: storing the message locks its lane, and bytes take their time.
  await insertFiles(db, files)
  const stored = await storeGrouped(db, {
    message: {
      id,
      channelId: channel.id,
      direction: 'inbound',
      isTest,
      externalId: identity?.id ?? null,
      contactHandle: contact.handle,
      contactName: contact.name,
      subject: message.subject,
      body: message.body,
      bodyFormat: message.body_format,
      bodyText: plainText(message.body, message.body_format),
      raw: storing.raw,
      attachments: files.map(({ id: fileId, filename, contentType, size }) => ({
        fileId,
        filename,
        contentType,
        size,
      })),
      headers: message.metadata.headers,
      threadReason: place.reason + referenced.note,
      referencedMessageId: referenced.id,
      sentAt: message.sent_at,
      ...storing.more,
    },
    key: identity && { kind: 'provider', value: identity.id, bodyHash: identity.hash },
    conversation: place.known ?? {
      id: newId(),
      key: place.key,
      reference: place.reference,
      contactHandle: contact.handle,
      contactName: contact.name,
      isTest,
    },
    frontConversationId: null,
  })
  if (stored.outcome !== 'stored' && files.length > 0) await deleteFilesOfMessage(db, id)
  return stored
}

/** Where no transaction is open it shares its commit with others. */
function storeGrouped(db: Db, input: StoreMessage): Promise<StoredMessage> {
  return isDatabase(db) ? storeTogether(db, input) : storeMessage(db, input)
}

/** The message that this one says it answers. One that is not known is said so beside the reason for its place. */
async function findAnswered(db: Db, { channel, message }: Storing): Promise<{ id: string | null; note: string }> {
  const named = 'in_reply_to' in message ? message.in_reply_to : null
  if (named === null) return { id: null, note: '' }
  const id = await findReferenced(db, { channelId: channel.id, named })
  return { id, note: id === null ? ` It answers “${named}”, which is not known here.` : '' }
}
