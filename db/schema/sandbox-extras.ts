import { boolean, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, json, moment } from '#db/columns'
import { DIRECTIONS } from '#db/schema/targets'
import type { CALL_STATUSES, RECORDING_TYPES, TranscriptLine } from '#lib/front/calls'
import type { TEMPLATE_STATUSES, TemplateVariable } from '#lib/front/templates'

/** Message templates of an application channel (A6). */
export const sandboxTemplates = pgTable(
  'sandbox_templates',
  {
    id: text().primaryKey(),
    channelId: text().notNull(),
    externalId: text().notNull(),
    name: text().notNull(),
    blurb: text().notNull(),
    isDisabled: boolean().notNull(),
    statusName: text().$type<(typeof TEMPLATE_STATUSES)[number]>().notNull(),
    variableMappings: json<TemplateVariable[]>().notNull(),
    preview: text().notNull(),
    updatedAt: createdAt(),
  },
  (table) => [uniqueIndex('sandbox_templates_external_id').on(table.channelId, table.externalId)],
)

/** Phone calls of an application channel (A7). */
export const sandboxPhoneCalls = pgTable(
  'sandbox_phone_calls',
  {
    id: text().primaryKey(),
    channelId: text().notNull(),
    conversationId: text().notNull(),
    externalId: text().notNull(),
    parentExternalId: text().notNull(),
    direction: text({ enum: DIRECTIONS }).notNull(),
    partyHandle: text().notNull(),
    partyName: text(),
    status: text().$type<(typeof CALL_STATUSES)[number]>().notNull(),
    startedAt: moment().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('sandbox_phone_calls_external_id').on(table.channelId, table.externalId),
    index('sandbox_phone_calls_conversation').on(table.conversationId),
  ],
)

/** What one line of a call's timeline holds. */
export type SandboxPhoneEventContent =
  | { kind: 'status'; status: (typeof CALL_STATUSES)[number]; agentEmail: string | null }
  | {
      kind: 'recording'
      recordingType: (typeof RECORDING_TYPES)[number]
      fileId: string
      filename: string
      contentType: string
    }
  | { kind: 'summary'; text: string }
  | { kind: 'transcript'; lines: TranscriptLine[] }

export const sandboxPhoneEvents = pgTable(
  'sandbox_phone_events',
  {
    id: text().primaryKey(),
    callId: text().notNull(),
    content: json<SandboxPhoneEventContent>().notNull(),
    occurredAt: moment().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('sandbox_phone_events_call').on(table.callId, table.occurredAt)],
)
