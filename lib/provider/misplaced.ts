import type { ErrorDetail } from '#lib/errors'

// Front takes these without a word and ignores them, so that a message lands in the wrong conversation or loses its files.
const AT_TOP: Record<string, string> = {
  attachments:
    'can’t travel in JSON: send the message as multipart/form-data with the files as attachments[0], attachments[1] …',
  thread_ref: 'belongs in metadata.thread_ref',
  headers: 'belongs in metadata.headers',
  handle: 'belongs in sender.handle',
  external_conversation_id: 'is for application channels: use conversation_key or metadata.thread_ref',
  delivered_at: 'is for application channels: use sent_at',
  to: 'is for messages that a teammate sent: the sender of an incoming message is in sender',
}

const IN_METADATA: Record<string, string> = {
  external_id: 'belongs at the top level, as external_id',
  external_conversation_id: 'is for application channels: use conversation_key or metadata.thread_ref',
  conversation_key: 'belongs at the top level, as conversation_key',
  referenced_message_external_id: 'is for application channels and has no effect here',
}

/** Fields in a place where they would be ignored although they decide something. Other unknown fields are fine. */
export function findMisplaced(fields: unknown): ErrorDetail[] {
  if (!isRecord(fields)) return []
  const top = Object.keys(fields)
    .filter((name) => isGiven(fields[name]))
    .flatMap((name) => detail(name, Object.hasOwn(AT_TOP, name) ? AT_TOP[name] : undefined))
  const metadata = isRecord(fields.metadata) ? fields.metadata : {}
  const within = Object.keys(metadata)
    .filter((name) => name !== 'thread_ref' && name !== 'headers' && isGiven(metadata[name]))
    .flatMap((name) => detail(`metadata.${name}`, hint(name)))
  return [...top, ...within]
}

function hint(name: string): string {
  const known = Object.hasOwn(IN_METADATA, name) ? IN_METADATA[name] : undefined
  return known ?? 'is not known: metadata holds thread_ref and headers; put data of your own into metadata.headers'
}

/** Null and an empty list say the same as leaving a field out. */
function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)
}

function detail(path: string, message: string | undefined): ErrorDetail[] {
  return message === undefined ? [] : [{ path, message }]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
