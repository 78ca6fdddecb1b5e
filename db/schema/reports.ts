import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, json } from '#db/columns'

/**
 * failed: an outbound message was not delivered (A5). comment: the same for custom channels, or that it was delivered
 * after all. status: the channel is offline or ok (A4). template_*: A6. call_*: A7.
 */
export const FRONT_REPORT_KINDS = [
  'failed',
  'comment',
  'status',
  'template_put',
  'template_patch',
  'call_create',
  'call_update',
  'call_recording',
  'call_summary',
  'call_transcript',
] as const
export type FrontReportKind = (typeof FRONT_REPORT_KINDS)[number]

/** alert: for people, not for Front. */
export const REPORT_KINDS = [...FRONT_REPORT_KINDS, 'alert'] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

/** What we tell Front that is no message, and people in an alert; has its delivery's id. Partitioned by id. */
export const reports = pgTable(
  'reports',
  {
    id: id(),
    channelId: uuid().notNull(),
    conversationId: uuid().notNull(),
    kind: text({ enum: REPORT_KINDS }).notNull(),
    /** The message, template or call that it is about; the channel's own id for a status; an alert's destination. */
    subjectId: uuid().notNull(),
    /** What the kind needs, checked where it is read. */
    payload: json<unknown>().notNull(),
    /** What Front answered, such as a template's id there. */
    result: json<unknown>(),
    createdBy: text(),
    createdAt: createdAt(),
  },
  (table) => [
    index('reports_subject').on(table.subjectId, table.id),
    index('reports_channel').on(table.channelId, table.id),
  ],
)
