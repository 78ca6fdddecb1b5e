import { z } from 'zod'
import { isRecord, optionalEmail, optionalText, optionalTime, parseFields, requiredText } from '#lib/provider/fields'
import { type BodyOf, findMisplaced } from '#lib/provider/misplaced'

const MAX_BODY_CHARS = 1_000_000
const MAX_HEADERS_CHARS = 20_000
const MAX_RECIPIENTS = 50

const freeHeaders = z
  .record(z.string().max(200), z.unknown())
  .refine(
    (headers) => JSON.stringify(headers).length <= MAX_HEADERS_CHARS,
    `is larger than ${MAX_HEADERS_CHARS} characters`,
  )

const bodyFormat = z.enum(['markdown', 'html', 'text'], 'is none of markdown, html, text').nullish()

/** What every message may have, whoever wrote it. */
const shared = {
  subject: optionalText(1000),
  body: z
    .string()
    .max(MAX_BODY_CHARS, `is longer than ${MAX_BODY_CHARS} characters`)
    .nullish()
    .transform((body) => body ?? ''),
  /** The provider's own id of the message: the same id is the same message. */
  external_id: optionalText(200),
  sent_at: optionalTime,
  /** The provider's name for the conversation. */
  conversation_key: optionalText(200),
}

const sharedMetadata = {
  thread_ref: optionalText(1000),
  headers: freeHeaders.nullish().transform((headers) => headers ?? null),
}

const sender = { handle: requiredText(500), name: optionalText(500), contact_id: optionalText(200) }

/**
 * What a provider posts to a custom channel: the body of Front's *Receive custom messages*, plus what makes it safe to
 * send twice (`external_id`), dated (`sent_at`) and sorted (`conversation_key`), plus the format `text`.
 */
const customMessage = z.object({
  sender: z.object(sender),
  /** Left out means plain text. Front would read it as Markdown and mangle `snake_case` and line breaks. */
  body_format: bodyFormat.transform((format) => format ?? 'text'),
  ...shared,
  metadata: z
    .object(sharedMetadata)
    .nullish()
    .transform((metadata) => metadata ?? { thread_ref: null, headers: null }),
})

/** The same names, and those of Front's own calls for application channels beside them. */
const application = {
  body_format: bodyFormat,
  ...shared,
  /** The provider's id, or ours, of the message that this one answers. */
  in_reply_to: optionalText(200),
  delivered_at: optionalTime,
  metadata: z
    .object({
      ...sharedMetadata,
      external_id: optionalText(200),
      external_conversation_id: optionalText(200),
      referenced_message_external_id: optionalText(200),
    })
    .nullish()
    .transform((metadata) => ({ ...NO_METADATA, ...metadata })),
}

const NO_METADATA = {
  thread_ref: null,
  headers: null,
  external_id: null,
  external_conversation_id: null,
  referenced_message_external_id: null,
}

type FrontNames = {
  body_format?: z.output<typeof bodyFormat>
  external_id: string | null
  conversation_key: string | null
  in_reply_to: string | null
  sent_at: Date | null
  delivered_at: Date | null
  metadata: {
    external_id: string | null
    external_conversation_id: string | null
    referenced_message_external_id: string | null
  }
}

/**
 * An integration that called Front itself goes on as it is. Its calls had no `body_format`, so what it sends in Front's
 * names reaches Front unchanged, as HTML.
 */
function inOurNames<Message extends FrontNames>(message: Message) {
  const { metadata } = message
  const isFronts = metadata.external_id !== null || metadata.external_conversation_id !== null
  return {
    ...message,
    body_format: message.body_format ?? (isFronts ? ('html' as const) : ('text' as const)),
    external_id: message.external_id ?? metadata.external_id,
    conversation_key: message.conversation_key ?? metadata.external_conversation_id,
    in_reply_to: message.in_reply_to ?? metadata.referenced_message_external_id,
    sent_at: message.sent_at ?? message.delivered_at,
  }
}

/** What a provider posts to an application channel: as for a custom one, or the body of Front's *Sync inbound message*. */
const applicationMessage = z
  .object({ sender: z.object({ ...sender, email: optionalEmail }), ...application })
  .transform(inOurNames)

const recipient = z.object({ handle: requiredText(500), name: optionalText(500), email: optionalEmail })

/** What a provider posts of a message that was sent outside Front: the body of Front's *Sync outbound message*. */
const sentMessage = z
  .object({
    to: z.preprocess(
      toList,
      z.array(recipient).min(1, 'is empty').max(MAX_RECIPIENTS, `has more than ${MAX_RECIPIENTS} entries`),
    ),
    ...application,
    /** Who wrote it, in words, and as Front's teammate. */
    sender_name: optionalText(500),
    author_id: optionalText(200),
    /** Our id of the message, where the provider got it from us. */
    message_id: optionalText(200),
  })
  .transform(inOurNames)

/** Front's samples show one object, its description a list; a form numbers what is in a list. */
function toList(value: unknown): unknown {
  if (!isRecord(value)) return value
  const names = Object.keys(value)
  const isNumbered = names.length > 0 && names.every((name) => /^\d{1,3}$/.test(name))
  return isNumbered ? names.toSorted((a, b) => Number(a) - Number(b)).map((name) => value[name]) : [value]
}

export type ChannelKind = 'custom' | 'application'
export type IncomingMessage = z.output<typeof customMessage> | z.output<typeof applicationMessage>
export type SentMessage = z.output<typeof sentMessage>

/**
 * Parses a customer's message, decoded from JSON or from a form and fit for storage already.
 * @throws AppError `invalid_input` that names every wrong field by its path
 */
export function parseIncomingMessage(
  fields: unknown,
  { fileCount, kind }: { fileCount: number; kind: ChannelKind },
): IncomingMessage {
  return parseMessage(kind === 'custom' ? customMessage : applicationMessage, fields, { fileCount, body: kind })
}

/**
 * Parses a message that was sent outside Front.
 * @throws AppError as `parseIncomingMessage`
 */
export function parseSentMessage(fields: unknown, { fileCount }: { fileCount: number }): SentMessage {
  return parseMessage(sentMessage, fields, { fileCount, body: 'sent' })
}

function parseMessage<Schema extends z.ZodType>(
  schema: Schema,
  fields: unknown,
  { fileCount, body }: { fileCount: number; body: BodyOf },
): z.output<Schema> {
  const isEmpty = fileCount === 0 && isBlankBody(fields)
  return parseFields(schema, fields, {
    what: 'This message',
    before: findMisplaced(fields, body),
    after: isEmpty ? [{ path: 'body', message: 'is missing: send text or a file' }] : [],
  })
}

function isBlankBody(fields: unknown): boolean {
  if (!isRecord(fields)) return false
  const { body } = fields
  return body === undefined || body === null || (typeof body === 'string' && body.trim() === '')
}
