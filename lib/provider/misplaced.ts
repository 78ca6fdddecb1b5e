import type { ErrorDetail } from '#lib/errors'
import { isRecord } from '#lib/provider/fields'

/** Which body it is: a customer's message by the channel's kind, or one that was sent outside Front. */
export type BodyOf = 'custom' | 'application' | 'sent'

// Front takes these without a word and ignores them, so that a message lands in the wrong conversation or loses its files.
const ANYWHERE: Record<string, string> = {
  attachments:
    'can’t travel in JSON: send the message as multipart/form-data with the files as attachments[0], attachments[1] …',
  thread_ref: 'belongs in metadata.thread_ref',
  headers: 'belongs in metadata.headers',
}

const AT_TOP: Record<BodyOf, Record<string, string>> = {
  custom: {
    ...ANYWHERE,
    handle: 'belongs in sender.handle',
    external_conversation_id: 'is for application channels: use conversation_key or metadata.thread_ref',
    delivered_at: 'is for application channels: use sent_at',
    to: 'is for messages that a teammate sent: the sender of an incoming message is in sender',
  },
  application: {
    ...ANYWHERE,
    handle: 'belongs in sender.handle',
    email: 'belongs in sender.email',
    external_conversation_id: 'belongs in metadata.external_conversation_id; conversation_key is understood too',
    referenced_message_external_id: 'belongs in metadata.referenced_message_external_id; in_reply_to is understood too',
    to: 'is for what was sent outside Front: post that to …/sent',
  },
  sent: {
    ...ANYWHERE,
    handle: 'belongs in to[0].handle',
    external_conversation_id: 'belongs in metadata.external_conversation_id; conversation_key is understood too',
    referenced_message_external_id: 'belongs in metadata.referenced_message_external_id; in_reply_to is understood too',
    sender: 'is for incoming messages: name the customer in to, and the writer in sender_name',
  },
}

const FOR_APPLICATIONS = ['external_id', 'external_conversation_id', 'referenced_message_external_id']

const IN_METADATA: Record<'custom' | 'application', Record<string, string>> = {
  custom: {
    external_id: 'belongs at the top level, as external_id',
    external_conversation_id: 'is for application channels: use conversation_key or metadata.thread_ref',
    conversation_key: 'belongs at the top level, as conversation_key',
    referenced_message_external_id: 'is for application channels and has no effect here',
  },
  application: {
    conversation_key: 'belongs at the top level, as conversation_key',
    in_reply_to: 'belongs at the top level, as in_reply_to',
  },
}

/** Fields in a place where they would be ignored although they decide something. Other unknown fields are fine. */
export function findMisplaced(fields: unknown, body: BodyOf): ErrorDetail[] {
  if (!isRecord(fields)) return []
  const top = Object.keys(fields)
    .filter((name) => isGiven(fields[name]))
    .flatMap((name) => detail(name, own(AT_TOP[body], name)))
  const metadata = isRecord(fields.metadata) ? fields.metadata : {}
  const within = Object.keys(metadata)
    .filter((name) => isGiven(metadata[name]))
    .flatMap((name) => detail(`metadata.${name}`, hint(name, body === 'custom' ? 'custom' : 'application')))
  return [...top, ...within]
}

function hint(name: string, kind: keyof typeof IN_METADATA): string | undefined {
  const known = ['thread_ref', 'headers', ...(kind === 'application' ? FOR_APPLICATIONS : [])]
  if (known.includes(name)) return undefined
  const list = `${known.slice(0, -1).join(', ')} and ${known.at(-1)}`
  return (
    own(IN_METADATA[kind], name) ?? `is not known: metadata holds ${list}; put data of your own into metadata.headers`
  )
}

function own(texts: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined
}

/** Null and an empty list say the same as leaving a field out. */
function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)
}

function detail(path: string, message: string | undefined): ErrorDetail[] {
  return message === undefined ? [] : [{ path, message }]
}
