import type { Database, Db } from '#db/client'
import { newId } from '#db/ids'
import { deleteFilesOfMessage, insertFiles, type NewFile } from '#db/queries/files'
import { type Door, findLatestConversation, lockContact } from '#db/queries/intake'
import { type StoredMessage, storeMessage } from '#db/queries/store-message'
import { AppError } from '#lib/errors'
import { RepeatRefusal } from '#lib/flows/repeat-refusal'
import { plainText } from '#lib/plain-text'
import { checkHandle } from '#lib/provider/handles'
import type { IncomingMessage } from '#lib/provider/schemas'
import { decideThread } from '#lib/threading/decide'
import { type ThreadingRule, threadingRule } from '#lib/threading/rules'

export type IncomingFile = { filename: string; contentType: string; bytes: Buffer }

export type Incoming = {
  channel: Pick<Door, 'id' | 'contactType' | 'defaultCountry' | 'threading'>
  message: IncomingMessage
  /** As it arrived, parsed and fit for storage. */
  raw: unknown
  files: IncomingFile[]
  /** The provider's id of the message with a hash of its content; null when the provider gives none. */
  identity: { id: string; hash: string } | null
  isTest?: boolean
  now: Date
}

export type Received = Omit<StoredMessage, 'outcome'> & { duplicate: boolean }

/**
 * Takes a provider's message in: stored with its conversation, files and delivery, all or nothing. The same identity
 * again stores nothing and gives the first answer.
 * @throws AppError `invalid_input` for a handle or field that the channel cannot use; RepeatRefusal for the same id with
 * another content
 */
export async function receiveIncoming(db: Database, incoming: Incoming): Promise<Received> {
  const handle = requireHandle(incoming)
  const rule = threadingRule.parse(incoming.channel.threading)
  const store = (tx: Db) => storeIncoming(tx, { ...incoming, handle, rule })
  // Without a decision that looks back and without files it is a single statement, which needs no transaction around it.
  const stored = rule.type === 'session' || incoming.files.length > 0 ? await db.transaction(store) : await store(db)
  if (stored.outcome === 'conflict') {
    const message = `The id “${incoming.identity?.id}” was used before, with another content. A new message needs a new id.`
    throw new RepeatRefusal(message, stored.id)
  }
  const { outcome, ...rest } = stored
  return { ...rest, duplicate: outcome === 'duplicate' }
}

function requireHandle({ channel, message }: Incoming): string {
  const checked = checkHandle({ ...channel, handle: message.sender.handle })
  if (checked.ok) return checked.handle
  const { path, message: fault } = checked.error
  throw new AppError('invalid_input', `${path} ${fault}.`, { details: [checked.error] })
}

type Placing = Incoming & { handle: string; rule: ThreadingRule }

async function storeIncoming(db: Db, incoming: Placing): Promise<StoredMessage> {
  const { channel, message, identity, handle, isTest = false } = incoming
  const id = newId()
  const thread = await decide(db, incoming, id)
  const files = incoming.files.map(
    (file): NewFile => ({ id: newId(), messageId: id, size: file.bytes.length, ...file }),
  )
  // Files first: storing the message locks its lane, and bytes take their time.
  await insertFiles(db, files)
  const stored = await storeMessage(db, {
    message: {
      id,
      channelId: channel.id,
      direction: 'inbound',
      isTest,
      externalId: identity?.id ?? null,
      contactHandle: handle,
      contactName: message.sender.name,
      subject: message.subject,
      body: message.body,
      bodyFormat: message.body_format,
      bodyText: plainText(message.body, message.body_format),
      raw: incoming.raw,
      attachments: files.map(({ id: fileId, filename, contentType, size }) => ({
        fileId,
        filename,
        contentType,
        size,
      })),
      headers: message.metadata.headers,
      threadReason: thread.reason,
      sentAt: message.sent_at,
    },
    key: identity && { kind: 'provider', value: identity.id, bodyHash: identity.hash },
    conversation: {
      id: newId(),
      key: thread.key,
      reference: thread.reference,
      contactHandle: handle,
      contactName: message.sender.name,
      isTest,
    },
    frontConversationId: null,
  })
  if (stored.outcome !== 'stored' && files.length > 0) await deleteFilesOfMessage(db, id)
  return stored
}

async function decide(db: Db, { channel, message, rule, handle, now }: Placing, messageId: string) {
  const latest = rule.type === 'session' ? await findLatest(db, { channelId: channel.id, contactHandle: handle }) : null
  const sender = { ...message.sender, handle }
  return decideThread({ rule, message: { ...message, sender }, channelId: channel.id, messageId, latest, now })
}

/** Under a lock: of two first messages at once, the second sees the session that the first one began. */
async function findLatest(db: Db, contact: { channelId: string; contactHandle: string }) {
  await lockContact(db, contact)
  const latest = await findLatestConversation(db, contact)
  return latest && { key: latest.key, startedAt: latest.createdAt, lastMessageAt: latest.lastMessageAt }
}
