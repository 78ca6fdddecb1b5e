import { sql } from 'drizzle-orm'
import { boolean, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, json, moment } from '#db/columns'
import { DIRECTIONS } from '#db/schema/targets'

export const BODY_FORMATS = ['text', 'html', 'markdown'] as const
export type BodyFormat = (typeof BODY_FORMATS)[number]

/** What Front said of an inbound message: taken in by a 202, later seen to exist, or never seen. */
export const FRONT_STATES = ['none', 'accepted', 'confirmed', 'missing'] as const
export type FrontState = (typeof FRONT_STATES)[number]

/** sent_elsewhere: a reply that was sent outside Front, such as by a bot (inbound: it travels to Front). autoreply: Front's rule wrote it. */
export const MESSAGE_KINDS = ['message', 'sent_elsewhere', 'autoreply'] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]

/** A file of a message. Inbound: bytes are in `files` under `fileId`. Outbound: Front holds it, found by `frontId`. */
export type Attachment = {
  fileId?: string
  frontId?: string
  frontUrl?: string
  filename: string
  contentType: string
  size: number
}

export type Person = { handle?: string; name?: string | null; role?: string; email?: string | null; id?: string }

/** One text crossing, once, in one direction. Partitioned by id, which is time. */
export const messages = pgTable(
  'messages',
  {
    id: id(),
    channelId: uuid().notNull(),
    conversationId: uuid().notNull(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    kind: text({ enum: MESSAGE_KINDS }).notNull().default('message'),
    isTest: boolean().notNull().default(false),
    /** Inbound: the provider's id. Outbound: the id that the provider gave in its answer. */
    externalId: text(),
    /** The customer, whichever way the message goes. */
    contactHandle: text().notNull(),
    contactName: text(),
    /** Outbound: the teammate who wrote it; null for a rule. */
    author: json<Person>(),
    recipients: json<Person[]>(),
    subject: text(),
    body: text().notNull(),
    bodyFormat: text({ enum: BODY_FORMATS }).notNull(),
    /** The body without markup, for lists and search. */
    bodyText: text().notNull(),
    /** What arrived, parsed: shown as raw JSON and passed on unchanged where a channel asks for it. */
    raw: json<unknown>().notNull(),
    attachments: json<Attachment[]>().notNull(),
    /** Free data of the provider that travels in Front's `metadata.headers`. */
    headers: json<Record<string, unknown>>(),
    reference: text(),
    /** Inbound, application channels: the message that this one says it answers, where we know it. */
    referencedMessageId: uuid(),
    /** Why it landed in its conversation, in plain words. */
    threadReason: text().notNull(),
    startsConversation: boolean().notNull().default(false),
    signatureVariant: text(),
    frontState: text({ enum: FRONT_STATES }).notNull().default('none'),
    messageUid: text(),
    frontMessageId: text(),
    frontConversationId: text(),
    acceptedAt: moment(),
    confirmedAt: moment(),
    /** When its writer sent it, as far as the sender told. */
    sentAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [
    index('messages_conversation').on(table.conversationId, table.id),
    index('messages_contact').on(table.contactHandle.op('text_pattern_ops'), table.id),
    index('messages_missing').on(table.id).where(sql`${table.frontState} = 'missing'`),
  ],
)
